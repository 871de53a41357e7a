/**
 * Shell commands in texts: those that break out of an argument, and those that no one should run.
 *
 * @module
 */

/** What was found. */
export interface CommandVerdict {
  /** 0 to 1. */
  readonly score: number;
  /** What it does, for a person. */
  readonly says: string;
  /** The piece that shows it. */
  readonly text: string;
}

/** Longest text that is looked at, in characters. */
const LONGEST = 32_768;
/** Something that is not merely a word. */
const META = /[;|&`$<>\n\r]|--|-[a-z]|::|_PRELOAD/i;
/** Something of a command that is dangerous: told at once of most. */
const HINT =
  /curl|wget|fetch|iex|expression|powershell|iwr|irm|webrequest|mshta|certutil|\/dev\/|\bnc|ncat|netcat|mkfifo|socat|socket|fsockopen|sh\s{1,4}-i|\brm\s|preserve-root|\brd\s|\bdel\s|format\s|:\s?\(|%0|mkfs|\bdd\b|wipefs|shred|base64|xxd|<<<|\.ssh|id_|\.aws|passwd|shadow|\.env|printenv|\benv\b|credentials|\.(?:bash|zsh)rc|profile|crontab|\/etc\/|chmod/i;
/** Programs that are worth breaking out for, and those that attempts are tried with; then more of POSIX and of developers. */
const CLEAR: readonly string[] = (
  "cat ls rm curl wget nc ncat netcat bash sh zsh dash ksh python python2 python3 perl ruby node php id whoami uname env printenv sleep touch echo cp mv chmod chown kill ping nslookup dig host powershell pwsh cmd type dir del net reg certutil bitsadmin osascript docker kubectl sudo su tee dd mkfs shutdown reboot telnet socat awk sed xargs head tail base64 xxd eval exec source export crontab systemctl service ssh scp rsync ps mount tar zip unzip openssl printf hostname ifconfig ip netstat ss git npm npx pip useradd passwd iptables nohup setsid mkfifo busybox find grep pwd history date true false test rundll32 mshta wmic schtasks ipconfig systeminfo tasklist calc start " +
  "base32 bc bzip2 chgrp cksum cmp cpio csplit df dirname dmesg du egrep fdisk fgrep fuser gcc gdb getconf " +
  "getent gpg groupadd gunzip gzip hexdump iconv insmod ipcs jq java javac journalctl killall ldd ln losetup " +
  "lsblk lsof lua mailx mkdir modprobe mongosh mysql mysqldump nft nmap od parted pax pgrep pip3 pkill poweroff " +
  "psql readlink redis-cli renice rmdir rsh rlogin sftp sqlite3 strace stty sysctl tcpdump tftp tmux tr " +
  "traceroute tsort umask umount unalias uniq unlink unxz userdel usermod uudecode uuencode vi vim visudo wc " +
  "whois xz zcat 7z ansible apt apt-get aria2c aws bun bunx chpasswd cmake deno dnf dpkg ftp gcloud gradle lldb " +
  "mvn pacman pnpm podman rclone sshpass tclsh terraform tsx w3m yum attrib bcdedit cscript icacls msiexec " +
  "regsvr32 robocopy takeown vssadmin wscript xcopy " +
  "nproc lscpu lspci lsusb vmstat iostat hostid hostnamectl timedatectl loginctl emacs gawk mawk " +
  "nawk mktemp chattr lsattr setfacl getfacl ipset ethtool iwconfig mtr fping hping3 masscan nikto sqlmap " +
  "hashcat msfconsole msfvenom gobuster ffuf wfuzz mimikatz psexec ngrok cloudflared frpc proxychains sshfs " +
  "smbclient rpcclient ldapsearch kinit klist sendmail launchctl pbcopy pbpaste screencapture dscl csrutil spctl " +
  "scutil diskutil hdiutil tmutil ioreg quser netsh nbtstat wevtutil fsutil diskpart dism gpupdate gpresult nltest " +
  "pnputil forfiles installutil msbuild wsl rustc pipx pyenv nvm flatpak zypper guix terragrunt " +
  "kustomize argocd istioctl crictl nerdctl buildah skopeo minikube k3s gsutil doctl flyctl " +
  "coproc setcap capsh chroot nsenter runc pkexec newgrp chsh logname tset stdbuf taskset ionice"
).split(" ");
/** Programs whose names are English words: they count with an argument that is none. */
const WORDS: readonly string[] = (
  "age ar at az batch brew builtin cargo command composer cut diff ed expect expr file fold gem go halt hash " +
  "arch arp apk chisel conda hydra mutt nano nix tofu wrangler helm init join last less link logger look lynx make man more nice nl paste patch poetry read route run " +
  "screen set snap sort split stat stop talk time top trap unset uv vagrant wait watch who write yarn yes"
).split(" ");
/** All of them. */
export const PROGRAMS: readonly string[] = [...CLEAR, ...WORDS];
const END = "(?=$|[\\s;|&<>`'\")$}\\\\/-])";
const PROGRAM = `(?:(?:${CLEAR.join("|")})(?:\\.exe)?${END}|(?:${
  WORDS.join("|")
})\\s{1,4}(?=[-/~$'"]|\\d{1,3}\\.|https?:))`;
const PATH = "(?:[\\w./~\\\\-]{0,64}[/\\\\])?";
/** A separator and then a program. */
const CHAINED = new RegExp(
  `(?:[;|\\n\\r\`]|&&|\\|\\||(?:^|[^&\\w])&(?!\\w{1,8};))[\\s'"(]{0,8}${PATH}${PROGRAM}`,
  "i",
);
/** A separator and then what begins a command in a shell's own words. */
const SYNTAX =
  /(?:[;|\n\r`]|&&|\|\|)[\s'"(]{0,8}(?:!\s{1,4}[\w/.~$]|(?:for|while|until|if)\s[^\n;]{1,80}[;\n]\s{0,8}(?:do|then)\b|[a-z_]\w{0,20}\s{0,2}\(\)\s{0,2}\{|(?:~|\.{1,2})\/[\w.]|\$\{?[A-Z_]{2,24}\}?\s{1,4}-|\.\s{1,4}[~/]|\{[a-z]{2,12},[/\w-])/;
/** A separator and a program by its path: lists of paths have separators too, and begin with one. */
const BY_PATH =
  /^[^/\\][^]{0,2000}(?:[;|\n\r`]|&&)\s{0,8}(?:\/(?:bin|sbin|usr|tmp|opt|dev)\/[\w?*.[]|\/[\w.-]{0,12}[?*[][^\s/]{0,12}\/|[A-Z]:\\{1,2}[^\n;|]{1,120}\.(?:exe|bat|cmd|ps1)\b)/;
const SUBSTITUTED = new RegExp(
  `\\$'\\\\[x0-7u]|\\$\\{[A-Z_]{2,20}:\\d|\\$\\(\\s{0,4}${PATH}[a-z_][\\w.-]{0,32}|<\\(\\s{0,4}[a-z]|\\$\\{IFS|\\$IFS\\b`,
  "i",
);
const BACKTICKED = new RegExp(`\`\\s{0,4}${PATH}${PROGRAM}[^\`]{0,200}\``, "i");
/** Backticks with a command in them that has arguments, or stuck to a word. */
const BACKTICKED_LONG = new RegExp(
  `\`\\s{0,4}${PATH}(?:curl|wget|nc|ncat|bash|sh|rm|cat|python[23]?|perl|id|whoami|sleep|ping)\\s[^\`]{2,200}\`|[\\w.=/-]\`${PATH}${PROGRAM}[^\`]{0,200}\``,
  "i",
);
const REDIRECTED = />{1,2}\s{0,4}(?:\/(?:etc|dev|tmp|var|home|root|usr|bin|opt|proc)\/|~\/|[A-Za-z]:\\)/;
/** Options that make programs run others. */
const OPTION =
  /--checkpoint-action|--upload-pack[= ]|--receive-pack[= ]|--use-compress-program|-oProxyCommand|ProxyCommand=|\bext::|--exec(?:-path)?=|--to-command|--rsh=|--pager=|core\.(?:sshCommand|pager|fsmonitor)|-c\s{0,2}alias\.|--config[= ]alias|(?:^|\s)-e\s{1,4}(?:\/bin\/)?(?:ba)?sh\b|LD_PRELOAD=|--eval[= ]|--(?:script|plugin|load-module|init-command)[= ]\/|\s-TT\s|["']\s{1,4}["']?\.(?:shell|system)\s|^--?(?:output|o)[= ]?\/(?:etc|root|home)/;

/** Judges a text that is to be a name, a number or the like: nothing of a shell belongs there. */
export function judgeArgument(source: string, isTitle: boolean): CommandVerdict | undefined {
  if (source.length < 3 || source.length > LONGEST) return undefined;
  const text = source.includes("%0") && !/[:?&\s]/.test(source) ? source.replace(/%0[ad]/gi, "\n") : source;
  if (!META.test(text)) return undefined;
  const dangerous = judgeCommand(text);
  if (dangerous !== undefined) return dangerous;
  const found = (says: string, score: number, match: RegExpExecArray | null): CommandVerdict | undefined =>
    match === null ? undefined : { says, score, text: text.slice(Math.max(0, match.index - 20), match.index + 100) };
  return found("makes the program it is given to run another", 0.85, OPTION.exec(text)) ??
    found("has a command in it after a separator", 0.85, chained(text, isTitle)) ??
    found("has a command in it after a separator", 0.8, isTitle ? null : SYNTAX.exec(text)) ??
    found("has a command in it after a separator", 0.8, isTitle || isDrive(text) ? null : BY_PATH.exec(text)) ??
    found("has a command substitution in it", 0.85, SUBSTITUTED.exec(text)) ??
    found("has a command in backticks", 0.8, (isTitle ? BACKTICKED_LONG : BACKTICKED).exec(text)) ??
    found("redirects output to a file", 0.8, isTitle ? null : REDIRECTED.exec(text));
}

/** Whether a text begins as a path of Windows does. */
const isDrive = (text: string): boolean => /^[A-Z]:\\/i.test(text);
/** `Test & Find GmbH`: names of firms and titles. */
const FIRM = /^.?&\s{1,4}[A-Z][a-z]/;

/** A separator and a program behind it. */
function chained(text: string, isTitle: boolean): RegExpExecArray | null {
  if (isTitle) return CHAINED_STRICT.exec(text);
  const match = CHAINED.exec(text);
  if (match === null || !FIRM.test(text.slice(match.index, match.index + 12))) return match;
  const rest = text.slice(match.index + match[0].length), next = CHAINED.exec(rest);
  return next === null || FIRM.test(rest.slice(next.index, next.index + 12)) ? null : next;
}

/** In prose a separator and a word that is a program's name may well be chance: something must follow or precede it. */
const CHAINED_STRICT = new RegExp(
  `(?:["'];|[;|]|&&)\\s{0,4}${PATH}(?:curl|wget|nc|ncat|bash|sh|rm|cat|cp|mv|tar|dd|scp|ls|python[23]?|perl|chmod|env|printenv|whoami|id|powershell|osascript|sudo|touch|sleep)(?:$|\\s{0,4}[;|#"']|\\s{1,4}[-/~$'"|>h.])`,
  "i",
);

/** Commands that no one should run, in whatever they stand. */
const DANGEROUS: readonly (readonly [says: string, score: number, pattern: RegExp])[] = [
  [
    "downloads a program and runs it",
    0.9,
    /\b(?:curl|wget|fetch)\b[^\n|;]{1,300}\|\s{0,4}(?:sudo\s{1,4}(?:-\w\s)?)?(?:\/bin\/|\/usr\/bin\/(?:env\s)?)?(?:ba|z|da|k)?sh\b|\b(?:curl|wget)\b[^\n|;]{1,300}\|\s{0,4}(?:sudo\s{1,4})?(?:python[23]?|perl|ruby|node|php)\b|\b(?:ba)?sh\s{1,4}(?:-c\s{1,4}["']?\$\(|<\(\s{0,4})(?:curl|wget)|\b(?:eval|source|\.)\s{1,4}["']?(?:\$\(|<\(|`)\s{0,4}(?:curl|wget)/i,
  ],
  [
    "downloads a program and runs it",
    0.9,
    /\b(?:iex|invoke-expression)\b[^\n]{0,80}(?:downloadstring|invoke-webrequest|iwr|irm|invoke-restmethod)|(?:iwr|irm|invoke-webrequest)\b[^\n|]{1,200}\|\s{0,4}iex\b|\bpowershell(?:\.exe)?\b[^\n]{0,120}\s-e(?:nc|ncodedcommand)?\s{1,4}[A-Za-z0-9+/=]{8}|\bmshta\s{1,4}(?:https?|javascript):|certutil[^\n]{0,60}-urlcache/i,
  ],
  [
    "opens a shell to another machine",
    0.95,
    /\/dev\/(?:tcp|udp)\/|\b(?:nc|ncat|netcat)\b[^\n;|]{0,80}\s-[a-z]{0,4}[ec]\b|\bmkfifo\b[^\n]{0,120}\b(?:nc|ncat|telnet|openssl)\b|\bsocat\b[^\n]{0,120}\bexec:|\bpython[23]?\b[^\n]{0,40}\bsocket\b[^\n]{0,300}(?:subprocess|dup2|pty)|\bperl\b[^\n]{0,40}\bsocket\b|\bphp\b[^\n]{0,40}fsockopen|\bruby\b[^\n]{0,40}tcpsocket|\b(?:ba)?sh\s{1,4}-i\s{0,4}[>&]/i,
  ],
  [
    "deletes everything",
    0.95,
    /\brm\s{1,4}(?:-{1,2}[a-z-]{1,20}\s{1,4}){1,4}(?:--\s{1,4})?["']?(?:\/(?:\*|\s|$|["';&|])|\/(?:bin|boot|etc|home|lib|opt|root|sbin|usr|var)(?:\/?\*?)?(?:\s|$|["';&|])|~(?:\/\*?)?(?:\s|$|["';&|])|\$HOME\/?\*?(?:\s|$|["';&|])|\*\s{0,4}$)|--no-preserve-root|\brd\s{1,4}\/s\s{1,4}\/q\s{1,4}[a-z]:\\|\bdel\s{1,4}\/[a-z]\s{1,4}(?:\/[a-z]\s{1,4}){0,3}[a-z]:\\\*?|\bformat\s{1,4}[a-z]:/i,
  ],
  [
    "is a fork bomb",
    0.95,
    /:\s{0,4}\(\s{0,4}\)\s{0,4}\{\s{0,4}:\s{0,4}\|\s{0,4}:\s{0,4}&\s{0,4}\}|%0\s{0,4}\|\s{0,4}%0/,
  ],
  [
    "writes over a disk",
    0.95,
    /\bmkfs(?:\.\w{1,8})?\s{1,4}[^\n]{0,40}\/dev\/|\bdd\b[^\n]{0,100}\bof=\/dev\/(?:sd|hd|nvme|vd|xvd|disk|mmcblk)|>\s{0,4}\/dev\/(?:sd|hd|nvme|vd|xvd)[a-z0-9]|\bshred\b[^\n]{0,60}\/dev\/|\bwipefs\b/i,
  ],
  [
    "runs what is encoded",
    0.9,
    /\bbase64\s{1,4}(?:-d|-D|--decode)\b[^\n]{0,40}\|\s{0,4}(?:sudo\s{1,4})?(?:(?:ba|z|da)?sh|python[23]?|perl)\b|\bxxd\s{1,4}-r\b[^\n]{0,40}\|\s{0,4}(?:ba)?sh\b|(?:ba)?sh\s{1,4}<<<\s{0,4}["']?\$\(\s{0,4}(?:echo|base64)/i,
  ],
  [
    "sends secrets out",
    0.9,
    /(?:\.ssh\/|id_(?:rsa|ed25519)|\.aws\/|\/etc\/(?:passwd|shadow)|\.env\b|\bprintenv\b|\benv\b|credentials)[^\n]{0,120}\|\s{0,4}[^\n|]{0,80}\b(?:curl|wget|nc|ncat|netcat)\b|\bcurl\b[^\n]{0,200}(?:-d|--data(?:-binary|-raw|-urlencode)?|-F|--form|-T|--upload-file)[ =]{0,2}["']?[^\s"']{0,20}@?[^\s"']{0,60}(?:\.ssh\/|id_(?:rsa|ed25519)|\.aws\/|\/etc\/(?:passwd|shadow)|\.env\b|\$\((?:env|printenv|cat))/i,
  ],
  [
    "makes itself at home",
    0.8,
    />>?\s{0,4}(?:~|\/root|\/home\/[\w.-]{1,32})\/\.(?:ssh\/authorized_keys|bashrc|profile|zshrc|bash_profile)|\bcrontab\s{1,4}-(?:\s|$)|>>?\s{0,4}\/etc\/(?:cron|passwd|sudoers|ld\.so\.preload|rc\.local)|\bchmod\s{1,4}(?:-R\s{1,4})?(?:777|[ug]?\+s)\s{1,4}\/(?:\s|$|bin|etc)/i,
  ],
];

/** Judges a text that is to be run. */
export function judgeCommand(text: string): CommandVerdict | undefined {
  if (text.length > LONGEST) return judgeCommand(`${text.slice(0, LONGEST / 2)}\n${text.slice(-LONGEST / 2 + 1)}`);
  if (!HINT.test(text)) return undefined;
  for (const [says, score, pattern] of DANGEROUS) {
    const match = pattern.exec(text);
    if (match !== null) return { says, score, text: match[0].slice(0, 160) };
  }
  return undefined;
}
