/** An authority of the tests' own and a certificate for this machine, made by openssl. */
import { join } from "node:path";
import { run } from "./process.ts";

/** Where they are, and how programs are told to use them. */
export interface Certificates {
  /** Environment for a server. */
  readonly server: Readonly<Record<string, string>>;
  /** Environment for a client, whatever it is written in. */
  readonly client: Readonly<Record<string, string>>;
}

const EXTENSIONS = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\nextendedKeyUsage=serverAuth\n";
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const AUTHORITY = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign"];

let made: Promise<Certificates> | undefined;

/** Makes them, once a process. */
export function certificates(): Promise<Certificates> {
  return made ??= make();
}

async function make(): Promise<Certificates> {
  const folder = await Deno.makeTempDir({ prefix: "mcpsonde-tls-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const openssl = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await run(["openssl", ...args], { cwd: folder });
    if (code !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
  };
  await Deno.writeTextFile(join(folder, "extensions"), EXTENSIONS);
  await openssl(..."req -x509 -keyout ca.key -out ca.pem -days 2 -subj /CN=mcpsonde".split(" "), ...KEY, ...AUTHORITY);
  await openssl(..."req -keyout key.pem -out request.pem -subj /CN=localhost".split(" "), ...KEY);
  await openssl(
    ..."x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial".split(" "),
    ..."-out certificate.pem -days 2 -extfile extensions".split(" "),
  );
  const authority = join(folder, "ca.pem");
  return {
    server: { TLS_KEY: join(folder, "key.pem"), TLS_CERTIFICATE: join(folder, "certificate.pem") },
    client: {
      NODE_EXTRA_CA_CERTS: authority, // Node, Bun
      DENO_CERT: authority,
      SSL_CERT_FILE: authority, // Python, Go
      CURL_CA_BUNDLE: authority,
    },
  };
}
