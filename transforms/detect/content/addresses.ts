/**
 * Whom a URL reaches: addresses in all the forms that parsers take.
 *
 * @module
 */

/** Where a host is. */
export type Reach = "metadata" | "loopback" | "private" | "link_local" | "rebinding" | "cluster" | "public";

/** Addresses of metadata services: AWS, Azure, GCP and others; ECS, EKS, Alibaba, Oracle, Azure's wire server. */
const METADATA = new Set([
  "169.254.169.254",
  "169.254.170.2",
  "169.254.170.23",
  "169.254.169.253",
  "100.100.100.200",
  "192.0.0.192",
  "168.63.129.16",
]);
const METADATA_NAMES = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.internal",
  "instance-data",
  "instance-data.ec2.internal",
  "metadata.azure.internal",
  "metadata.tencentyun.com",
  "metadata.platformequinix.com",
  "metadata.packet.net",
  "rancher-metadata",
]);
/** fd00:ec2::254, fd00:ec2::23, fd20:ce::254. */
const METADATA_V6 = new Set(["fd00:ec2:0:0:0:0:0:254", "fd00:ec2:0:0:0:0:0:23", "fd20:ce:0:0:0:0:0:254"]);
/** Domains whose names answer with the address in them, or with one that changes. */
const WILDCARD = /(?:^|\.)(?:nip\.io|sslip\.io|xip\.io|ip\.addr\.tools|traefik\.me|nip\.direct|backname\.io)$/;
const REBINDING =
  /(?:^|\.)(?:rbndr\.us|1u\.ms|rebind\.(?:network|it|ninja)|rebinder\.net|dnsrebinder\.net|requestrepo\.com|lock\.cmpxchg8b\.com)$/;
const LOOPBACK_NAMES =
  /^(?:localhost|ip6-localhost|ip6-loopback|localhost\.localdomain|localhost4|localhost6)$|\.localhost$|(?:^|\.)(?:localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|localho\.st|fbi\.com\.localhost|yoogle\.com\.localhost|fuf\.me|readme\.localtest\.me|spoofed\.burpcollaborator\.net)$/;
const PRIVATE_NAMES = /^(?:host|gateway|kubernetes)\.docker\.internal$|\.(?:internal|intranet|corp|lan|home\.arpa)$/;

/** Whom a host name or address reaches. The host is as it stands in a URL, with brackets around IPv6. */
export function reachOf(host: string): Reach {
  const name = plainHost(host);
  if (name.startsWith("[")) return reachV6(name.slice(1).replace(/(?:%.*)?\]$/s, ""));
  const address = parseV4(name);
  if (address !== undefined) return reachV4(address);
  if (METADATA_NAMES.has(name)) return "metadata";
  if (REBINDING.test(name)) return "rebinding";
  if (WILDCARD.test(name)) return reachWildcard(name);
  if (LOOPBACK_NAMES.test(name)) return "loopback";
  if (/^kubernetes(?:\.default(?:\.svc(?:\.cluster\.local)?)?)?$/.test(name)) return "cluster";
  if (PRIVATE_NAMES.test(name) || /\.svc(?:\.cluster\.local)?$/.test(name)) return "private";
  return "public";
}

/** Lower case, percent-decoded, compatibility forms folded (UTS 46), without a dot at its end. */
function plainHost(host: string): string {
  return host.slice(0, 300).replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(parseInt(code.slice(1), 16)))
    .replace(/[\u3002\uff0e\uff61]/g, ".").normalize("NFKC").toLowerCase().replace(/[\u00ad\u200b-\u200d\u2060]/g, "")
    .replace(/\.$/, "");
}

function reachWildcard(name: string): Reach {
  const dotted = /(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\./.exec(name);
  const hex = /(?:^|[.-])([0-9a-f]{8})\./.exec(name)?.[1];
  const numbers = dotted !== null ? dotted.slice(1).map(Number) : hex?.match(/../g)?.map((byte) => parseInt(byte, 16));
  return numbers === undefined || numbers.some((byte) => byte > 255) ? "rebinding" : reachV4(numbers);
}

/** An IPv4 address as `inet_aton` reads it: 1 to 4 parts, decimal, octal or hexadecimal. */
function parseV4(text: string): number[] | undefined {
  if (!/^[0-9]/.test(text)) return undefined;
  const parts = text.split(".");
  if (parts.length > 4) return undefined;
  const numbers: number[] = [];
  for (const part of parts) {
    if (!/^(?:0x[0-9a-f]{0,16}|\d{1,20})$/.test(part)) return undefined;
    const number = part.startsWith("0x")
      ? parseInt(part.slice(2) || "0", 16)
      : /^0[0-7]+$/.test(part)
      ? parseInt(part, 8)
      : parseInt(part, 10);
    numbers.push(number);
  }
  let last = numbers.pop() ?? 0;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) {
    if (parts.length > 1) return undefined;
    last %= 2 ** 32; // some parsers wrap
  }
  for (let k = 3 - numbers.length; k >= 0; k--) numbers.push(Math.floor(last / 256 ** k) % 256);
  return numbers;
}

function reachV4(bytes: readonly number[]): Reach {
  const [a = 0, b = 0] = bytes;
  if (METADATA.has(bytes.join("."))) return "metadata";
  if (a === 127 || a === 0) return "loopback";
  if (a === 10 || a === 172 && b >= 16 && b < 32 || a === 192 && b === 168 || a === 100 && b >= 64 && b < 128) {
    return "private";
  }
  if (a === 169 && b === 254) return "link_local";
  return "public";
}

function reachV6(text: string): Reach {
  const parts = parseV6(text);
  if (parts === undefined) return "public";
  if (METADATA_V6.has(parts.map((part) => part.toString(16)).join(":"))) return "metadata";
  const [first = 0, second = 0] = parts;
  const tail = [parts[6] ?? 0, parts[7] ?? 0].flatMap((part) => [part >> 8, part & 255]);
  if (parts.slice(0, 7).every((part) => part === 0) && (parts[7] ?? 0) <= 1) return "loopback";
  // IPv4-mapped and -compatible, NAT64 (RFC 6052), 6to4 (RFC 3056)
  if (parts.slice(0, 5).every((part) => part === 0) && (parts[5] === 0xffff || parts[5] === 0)) return reachV4(tail);
  if (first === 0x64 && second === 0xff9b) return reachV4(tail);
  if (first === 0x2002) return reachV4([second >> 8, second & 255, (parts[2] ?? 0) >> 8, (parts[2] ?? 0) & 255]);
  if ((first & 0xffc0) === 0xfe80) return "link_local";
  if ((first & 0xfe00) === 0xfc00) return "private";
  return "public";
}

/** The eight groups of an IPv6 address (RFC 4291, section 2.2). */
function parseV6(text: string): number[] | undefined {
  let source = text;
  const v4 = /^(.{0,40}:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(source);
  if (v4 !== null) {
    const bytes = parseV4(v4[2] ?? "");
    if (bytes === undefined) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = bytes;
    source = `${v4[1]}${(a << 8 | b).toString(16)}:${(c << 8 | d).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => half === "" ? [] : half.split(":"));
  const [head = [], tail = []] = groups;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 0) return undefined;
  const all = [...head, ...Array<string>(halves.length === 1 ? 0 : missing).fill("0"), ...tail];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  return all.map((group) => parseInt(group, 16));
}
