/**
 * Tools and arguments that delete or overwrite.
 *
 * @module
 */
import type { Json } from "../../../pipeline/event.ts";
import { nameWords, textsOf } from "./arguments.ts";

/** Verbs in names of tools that destroy. */
const VERBS: ReadonlySet<string> = new Set(
  ("delete del remove drop destroy erase wipe purge truncate uninstall revoke terminate unlink rm nuke shred obliterate " +
    "prune flush deprovision decommission overwrite annihilate rmdir unpublish expunge dropdb deleteall removeall")
    .split(" "),
);
/** Verbs that destroy with some objects only. */
const WITH_OBJECT: ReadonlyMap<string, RegExp> = new Map([
  [
    "clear",
    /^(?:all|history|database|db|table|tables|data|storage|bucket|logs?|queue|records?|inbox|repo|repository|workspace|everything|files?|collection|index|volume|disk|backups?)$/,
  ],
  ["empty", /^(?:trash|bin|bucket|table|folder|directory|inbox|queue|database|mailbox|recycle|recyclebin)$/],
  [
    "reset",
    /^(?:database|db|hard|factory|device|all|repository|repo|branch|environment|cluster|account|data|password|passwords|production|index|storage)$/,
  ],
  ["format", /^(?:disk|drive|volume|partition|device|storage|sd|usb)$/],
  [
    "kill",
    /^(?:process|processes|instance|instances|pod|pods|container|containers|session|sessions|server|all|job|jobs|connections?|database)$/,
  ],
  ["cancel", /^(?:subscription|account|order|orders|all)$/],
  ["force", /^(?:push|delete|remove|merge)$/],
  ["close", /^(?:account)$/],
  ["deactivate", /^(?:account|user|users|all)$/],
  ["disable", /^(?:account|user|users|backups?|protection|mfa|firewall)$/],
  ["replace", /^(?:all|file|database)$/],
  ["rollback", /^(?:database|deployment|release|migration|production)$/],
  ["shutdown", /^(?:server|cluster|instance|instances|vm|all|system|host)$/],
]);
/** Words before a verb that turn it round, or only speak of it. */
const HARMLESS: ReadonlySet<string> = new Set(
  ("get list find search count check is can preview plan show read undo restore recover describe view query fetch select " +
    "add create test validate simulate estimate history recently soft on before after pending schedule scheduled")
    .split(" "),
);
/** What is taken out of a copy, and lost nowhere. */
const HARMLESS_OBJECTS =
  /^(?:background|backgrounds|duplicates?|whitespace|spaces?|noise|silence|accents?|stopwords?|stop|punctuation|outliers?|html|markup|formatting|watermark|prefix|suffix|columns?_from|bg|metadata|exif|emojis?|diacritics|comments?|filters?|filler|vocals|objects?|blank|empty|highlights?|numbers?|lines?|characters?|nulls?|na|params?|tags?|quotes?|breakpoints?|reactions?|labels?|selection|focus|highlight|overlay|layers?_preview|screen|console|down|cap|shadow|reviewer|reviewers|assignees?|like|bookmark|star|vote|upvote|mute|cards?_preview|message_preview|constraint_preview|element_focus|zone_preview|shipment|off|in|anchor|pin|text|transition|animation)$/;
/** How descriptions of tools that destroy begin. */
const DESCRIBED =
  /^(?:(?:permanently|irreversibly|immediately|completely|forcibly|recursively)\s{1,2})?(?:deletes?|removes?|drops?|destroys?|erases?|wipes?|purges?|truncates?|uninstalls?|revokes?|terminates?|empties|overwrites?|unlinks?|clears? (?:all|the (?:whole|entire|database|table|log))|formats? (?:a|the) (?:disk|drive|volume|partition)(?=[.,;]|$| and)|force[- ]push(?:es)?|resets? (?:the|a) (?:database|device|branch|repository))\b/i;
/** Said anywhere: lost for good. */
const FOR_GOOD =
  /\b(?:permanently (?:deletes?|removes?|erases?|destroys?)|(?:cannot|can't|can not) be (?:undone|recovered|restored|reversed)|irreversibl[ey]|for good\b|destroys? all|deletes? (?:all|every)|wipes? (?:all|the|a)|is not recoverable|no way to (?:undo|recover))/i;
/** Descriptions that take it back. */
const KEEPS =
  /\b(?:returns? (?:a|the)(?: new)? (?:copy|list|text|string|image|array|result)|without changing|does not (?:delete|modify|remove|change)|new file|a copy|dry[- ]run|leaves the original|original is (?:kept|not changed)|in memory only|from (?:a|the) (?:image|text|string|list|array|picture|photo|audio|video|input)\b)/i;

/** Whether the tool's own words say that it deletes or overwrites. */
export function isDestructiveTool(name: string, description: string): boolean {
  const text = description.trim();
  if (KEEPS.test(text.slice(0, 400)) && !FOR_GOOD.test(text.slice(0, 400))) return false;
  const words = nameWords(name);
  for (let k = 0; k < words.length; k++) {
    const word = words[k] ?? "", next = words[k + 1] ?? "", last = words.at(-1) ?? "";
    if (k > 0 && HARMLESS.has(words[k - 1] ?? "")) break;
    if (HARMLESS.has(word) && k === 0) return FOR_GOOD.test(text.slice(0, 400)) && DESCRIBED.test(text);
    if (VERBS.has(word)) return !HARMLESS_OBJECTS.test(next) && !HARMLESS_OBJECTS.test(last);
    const objects = WITH_OBJECT.get(word);
    if (objects !== undefined && words.slice(k + 1).some((object) => objects.test(object))) return true;
  }
  if (DESCRIBED.test(text)) {
    const object = /^\S+\s{1,2}(?:(?:the|a|an|all|any|one|of)\s{1,2}){0,3}([a-z]+)/i.exec(
      text.replace(/^(?:permanently|irreversibly)\s/i, ""),
    )?.[1] ?? "";
    return !HARMLESS_OBJECTS.test(object.toLowerCase());
  }
  return /^[^.]{0,120}\bpermanently (?:deletes?|removes?|erases?)/i.test(text);
}

/** What an argument would destroy, for a person. */
export interface Destruction {
  readonly says: string;
  readonly score: number;
  readonly text: string;
  readonly path: string;
}

/** Names of arguments that are run. */
const RUN: ReadonlySet<string> = new Set(
  ("sql query q statement statements command commands cmd cmdline commandline args argv arguments script code op operation " +
    "shell program pipeline aggregate run exec expression input line bash powershell db").split(" "),
);
/** A statement of SQL begins here: at the start, after another, after comments. */
const SQL: readonly (readonly [says: string, score: number, pattern: RegExp])[] = [
  [
    "drops part of a database",
    0.95,
    /^drop\s(?:table|database|schema|index|view|user|role|column|function|procedure|trigger|sequence|collection|keyspace|materialized)\b/i,
  ],
  ["empties a table", 0.95, /^truncate\s(?:table\s)?[\w".`[]/i],
  ["deletes all rows", 0.9, /^delete\sfrom\s[\w".`[\]]{1,128}(?:\s(?:as\s)?\w{1,32})?\s?$/i],
  ["deletes all rows", 0.9, /^delete\sfrom\s[^;]{1,160}\swhere\s\(?(?:1\s?=\s?1|true|'?(\w)'?\s?=\s?'?\1'?|1)\)?\s?$/i],
  ["changes all rows", 0.8, /^update\s[\w".`[\]]{1,128}\sset\s(?:(?!\swhere\s)[^;]){1,400}$/i],
  ["changes all rows", 0.8, /^update\s[^;]{1,300}\swhere\s\(?(?:1\s?=\s?1|true)\)?\s?$/i],
  ["drops a column or constraint", 0.85, /^alter\stable\s[^;]{1,160}\sdrop\s/i],
];
/** Statements that a tool which only reads has no business with. */
const WRITES = /^(?:delete|update|insert|drop|truncate|alter|create|replace|merge|grant|revoke)\s/i;
/** Commands of shells, at their beginning. */
const COMMAND: readonly (readonly [says: string, score: number, pattern: RegExp])[] = [
  [
    "deletes files",
    0.9,
    /^(?:sudo\s(?:-\w\s)?)?(?:\/bin\/|\/usr\/bin\/|\\)?rm\s(?:-{1,2}[\w-]{1,20}\s){0,4}?(?:-[a-z]{0,4}[rRf]|--recursive|--force)/,
  ],
  ["deletes files", 0.85, /^(?:(?:npx|bunx|pnpm dlx|yarn)\s(?:-y\s|--yes\s)?)?(?:rimraf|del-cli)\s/],
  ["deletes files", 0.85, /^(?:sudo\s)?find\s[^|;]{1,300}(?:-delete\b|-exec\s(?:sudo\s)?rm\b)/],
  ["deletes files", 0.9, /\bxargs\s(?:-\S{1,8}\s){0,4}(?:sudo\s)?rm\b/],
  ["deletes files", 0.9, /^(?:remove-item|ri|rmdir|rd|del|erase)\s[^|;]{0,200}(?:-recurse|-force|\s?\/[sq]\b)/i],
  ["deletes files", 0.85, /^(?:sudo\s)?(?:shred|srm|wipe|rmdir)\s/],
  [
    "deletes all of a disk",
    0.95,
    /^(?:sudo\s)?(?:mkfs|wipefs|fdisk|parted|format\s[a-z]:|diskpart|diskutil\serase|dd\s[^|;]{0,120}of=\/dev\/)/i,
  ],
  ["empties a file", 0.8, /^(?:sudo\s)?truncate\s[^|;]{0,40}-s\s?0|^:?\s?>\s?[/~][\w./-]{3,}\s?$/],
  [
    "discards work in a repository",
    0.85,
    /^git\s(?:-[cC]\s\S{1,80}\s)?(?:reset\s(?:[^|;&]{0,40}\s)?--hard|clean\s[^|;&]{0,20}-[a-z]{0,4}f|push\s[^|;&]{0,120}(?:--force(?!-with-lease-check)|\s-f\b|--mirror|--delete|\s:\w|\s\+\w)|branch\s[^|;&]{0,20}-D\b|checkout\s(?:--|\.)\s?|restore\s\.|stash\s(?:drop|clear)|filter-branch|filter-repo|reflog\sexpire|update-ref\s-d|tag\s-d|worktree\sremove\s--force|rm\s-r)/,
  ],
  [
    "deletes from a cluster",
    0.9,
    /^(?:kubectl|oc|k)\s(?:-\S{1,40}\s(?:\S{1,40}\s)?){0,3}(?:delete|drain|replace\s[^|;]{0,20}--force)\b/,
  ],
  ["deletes a release", 0.9, /^helm\s(?:uninstall|delete|del|un)\b/],
  [
    "deletes containers, images or volumes",
    0.85,
    /^(?:docker|podman|nerdctl)\s(?:(?:system|volume|image|container|network|builder|buildx)\s(?:prune|rm|remove)|rm\s|rmi\s|kill\s|compose\s[^|;]{0,80}down\s[^|;]{0,40}(?:-v\b|--volumes|--rmi))/,
  ],
  [
    "destroys infrastructure",
    0.95,
    /^(?:terraform|tofu|pulumi|terragrunt|cdk|vagrant|sls|serverless)\s(?:-\S{1,80}\s)?(?:destroy|remove\b|state\srm|apply\s[^|;]{0,80}-destroy|down\b)/,
  ],
  [
    "deletes cloud resources",
    0.9,
    /^aws\s(?:s3\s(?:rb|rm)\b|[\w-]{1,40}\s(?:delete|terminate|remove|deregister|purge|disable)-[\w-]{1,60}|s3api\sdelete)/,
  ],
  [
    "deletes cloud resources",
    0.9,
    /^(?:gcloud|az|gsutil|bq|doctl|heroku|fly|flyctl|vercel|netlify|gh|glab|linode-cli|hcloud|oci|ibmcloud|supabase|firebase|railway|eksctl|scw|vault|consul|etcdctl|nomad|mc|rclone|s3cmd|minikube|kind|k3d|multipass|virsh)\s[^|;&]{0,120}?(?:\bdelete\b|\bdestroy\b|\bremove\b|\brm\b|\brb\b|apps:destroy|\bpurge\b|:delete\b)/,
  ],
  ["deletes keys", 0.75, /^redis(?:-cli)?\s(?:del|unlink)\s/i],
  ["deletes by a request", 0.85, /^(?:curl\s[^|;]{0,80}-X\s?)?DELETE\s(?:\/|https?:\/\/)[\w*/.:-]{1,200}\s?$/],
  ["deletes all keys", 0.95, /^(?:redis-cli\s[^|;]{0,80})?(?:flushall|flushdb)\b/i],
  [
    "drops a database",
    0.95,
    /^(?:dropdb|mysqladmin\s[^|;]{0,80}drop|psql\s[^|;]{0,120}drop\s|mysql\s[^|;]{0,120}drop\s|sqlite3\s[^|;]{0,120}drop\s|mongo(?:sh)?\s[^|;]{0,120}dropdatabase)/i,
  ],
  ["stops the machine", 0.8, /^(?:sudo\s)?(?:shutdown|reboot|halt|poweroff|init\s0)\b/],
  ["kills processes", 0.75, /^(?:sudo\s)?(?:killall|pkill|kill\s-(?:9|kill)\s(?:-1|1)\b)/i],
  [
    "removes packages",
    0.75,
    /^(?:sudo\s)?(?:apt(?:-get)?\s(?:-y\s)?(?:remove|purge|autoremove)|(?:yum|dnf)\s(?:-y\s)?(?:remove|erase)|pacman\s-R|brew\suninstall|npm\sunpublish|cargo\syank|gem\syank)\b/,
  ],
  [
    "removes users or scheduled jobs",
    0.8,
    /^(?:sudo\s)?(?:userdel|deluser|groupdel|crontab\s-r|vgremove|lvremove|pvremove|zfs\sdestroy|zpool\sdestroy|btrfs\ssubvolume\sdelete|iptables\s-F|ufw\sreset)\b/,
  ],
];
/** Calls in programs. */
const CALLS: readonly (readonly [says: string, score: number, pattern: RegExp])[] = [
  [
    "deletes files",
    0.85,
    /(?:^|[;\n=(]\s{0,8}|\s)(?:shutil\.rmtree|os\.(?:remove|unlink|removedirs|rmdir)|fs(?:\.promises)?\.(?:rm|rmSync|unlink|unlinkSync|rmdir|rmdirSync)|rimraf(?:\.sync)?|fse?\.(?:remove|emptyDir)(?:Sync)?|Deno\.remove(?:Sync)?|FileUtils\.rm_rf?|File\.delete|os\.RemoveAll|std::fs::remove_dir_all|\[IO\.(?:File|Directory)\]::Delete)\s?\(/,
  ],
  [
    "deletes documents",
    0.9,
    /\bdb(?:\.\w{1,64}|\.getCollection\([^)]{1,80}\)|\["[^"]{1,64}"\]){0,3}\.(?:dropDatabase|drop|deleteMany|remove|dropIndexes|dropCollection)\s?\(\s?(?:\{\s?\}|\)|$)/,
  ],
  [
    "deletes files",
    0.85,
    /(?:os\.system|subprocess\.\w{1,12}|exec(?:Sync)?|execFile|spawn|system|shell_exec)\s?\(\s?\[?["'`](?:sudo\s)?rm["'`,\s]{1,4}-?[rf]/,
  ],
  [
    "deletes by a mutation",
    0.85,
    /\bmutation\b[^{}]{0,200}\{\s{0,8}(?:\w{1,40}\s{0,2}:\s{0,2})?(?:delete|remove|destroy|purge|drop|erase|wipe|revoke)[A-Z_]/,
  ],
  ["drops a database", 0.9, /\.(?:dropDatabase|dropCollection|drop_database|drop_all|dropAllTables)\s?\(/],
];
/** Programs that a tool may be a wrapper of: its arguments are what follows the name. */
const WRAPPED: ReadonlySet<string> = new Set(
  "git docker kubectl helm aws gcloud az gsutil terraform tofu pulumi redis gh npm podman oc apt brew heroku rm find vagrant doctl fly"
    .split(" "),
);
const MOST_STATEMENTS = 64;
const LONGEST = 16_384;

/** Names of arguments that say what is done, and of those that say it as HTTP does. */
const DEEDS: ReadonlySet<string> = new Set("action operation op verb".split(" ")), METHOD = "method";
/** Deeds that nothing undoes: what is removed from a list is added again. */
const FINAL: ReadonlySet<string> = new Set(
  "delete drop destroy erase wipe purge truncate unlink expunge shred".split(" "),
);

/** A tool of many deeds is told by one argument which to do. */
function deedIn(args: Json): Destruction | undefined {
  for (const { path, key, text } of textsOf(args)) {
    const word = text.trim().toLowerCase();
    if (word.length > 24 || !(key === METHOD ? word === "delete" : DEEDS.has(key))) continue;
    const [first = "", second = ""] = nameWords(word);
    if (FINAL.has(first) && !HARMLESS_OBJECTS.test(second)) {
      return { says: "deletes or overwrites", score: 0.75, text, path };
    }
  }
  return undefined;
}

/** The first thing in the arguments that destroys; `readOnly`: the tool says that it only reads. */
export function findDestruction(tool: string, args: Json, readOnly: boolean): Destruction | undefined {
  const texts = textsOf(args).filter(({ key }) => RUN.has(key));
  const lists = new Map<string, string[]>();
  for (const { path, text } of texts) {
    const list = /^(.*)\[\d+\]$/.exec(path)?.[1];
    if (list !== undefined) lists.set(list, [...lists.get(list) ?? [], text]);
  }
  const lines = texts.filter(({ path }) => !path.endsWith("]")).map(({ path, text }) => ({ path, text }));
  for (const [path, words] of lists) {
    lines.push(
      { path, text: words.join(" ") },
      ...words.filter((word) => word.includes(" ")).map((text) => ({ path, text })),
    );
  }
  const wrapped = nameWords(tool).find((word) => WRAPPED.has(word));
  for (const { path, text } of lines) {
    const found = inText(text, wrapped, readOnly);
    if (found !== undefined) return { ...found, path };
  }
  return deedIn(args);
}

function inText(source: string, wrapped: string | undefined, readOnly: boolean): Omit<Destruction, "path"> | undefined {
  const text = source.slice(0, LONGEST);
  for (const [says, score, pattern] of CALLS) {
    const match = pattern.exec(text);
    if (match !== null) return { says, score, text: match[0].trim() };
  }
  const bare = text.replace(/\/\*(?:[^*]|\*(?!\/)){0,2000}\*\//g, " ").replace(
    /(^|\n)\s{0,16}(?:--|#)[^\n]{0,400}/g,
    "$1",
  );
  const statements = bare.split(/;|\n\s{0,8}\n|\bgo\n/i).slice(0, MOST_STATEMENTS);
  for (const statement of statements) {
    const plain = statement.replace(/\s+/g, " ").trim().replace(
      /^(?:begin|explain analyze|with\s\w{1,64}\sas\s\([^()]{0,400}\))\s/i,
      "",
    );
    for (const [says, score, pattern] of SQL) {
      if (pattern.test(plain)) return { says, score, text: plain.slice(0, 160) };
    }
    if (
      readOnly && WRITES.test(plain) && /\b(?:from|into|set|table|database|on|view|index|user|schema)\b/i.test(plain)
    ) {
      return { says: "writes to a database", score: 0.8, text: plain.slice(0, 160) };
    }
  }
  for (const command of bare.split(/&&|\|\|?|;|\n|\$\(|`|\bthen\b|\bdo\b/).slice(0, MOST_STATEMENTS)) {
    const plain = command.replace(/\s+/g, " ").trim().replace(
      /^(?:(?:bash|sh|zsh|cmd|powershell|pwsh)(?:\.exe)? (?:-l?c|\/c|-command) ["']?|sudo (?=git|kubectl|docker|aws))/i,
      "",
    );
    const line = wrapped !== undefined && !plain.toLowerCase().startsWith(`${wrapped} `)
      ? `${wrapped} ${plain}`
      : plain;
    for (const [says, score, pattern] of COMMAND) {
      if ((pattern.test(plain) || line !== plain && pattern.test(line)) && !DRY.test(plain)) {
        return { says, score, text: plain.slice(0, 160) };
      }
    }
  }
  return undefined;
}

/** Only shows what would be done. */
const DRY = /--dry-run(?!=(?:none|false))|\s--dryrun\b|--what-?if|-WhatIf\b|--help\b/;
