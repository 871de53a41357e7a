/** An authority, a server's and a client's certificate, made by openssl once a process. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

const KEY = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes".split(" ");

/** Paths of PEM files. */
export interface Certificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

let made: Certificates | undefined;

/** Makes them. */
export function certificates(): Certificates {
  return made ??= make();
}

/** The text of a file. */
export function text(path: string): string {
  return readFileSync(path, "utf8");
}

function make(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "mcpsonde-tls-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: string[]) => void execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const authority = "basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign".split(" ")
    .flatMap((extension) => ["-addext", extension]);
  openssl(..."req -x509 -keyout ca.key -out ca.pem -days 2 -subj /CN=mcpsonde".split(" "), ...KEY, ...authority);
  writeFileSync(
    join(folder, "extensions"),
    "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n",
  );
  const pair = (name: string) => {
    openssl(...`req -keyout ${name}.key -out ${name}.request -subj /CN=${name}`.split(" "), ...KEY);
    const sign = `x509 -req -in ${name}.request -CA ca.pem -CAkey ca.key -CAcreateserial -days 2`;
    openssl(...sign.split(" "), "-out", `${name}.pem`, "-extfile", "extensions");
    return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  };
  return { ca: join(folder, "ca.pem"), server: pair("server"), client: pair("client") };
}
