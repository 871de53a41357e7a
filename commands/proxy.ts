/**
 * `mcpsonde proxy`: stands between a client and a server, without any rights and on any system.
 *
 * @module
 */
import { buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";
import { EXIT, Failure } from "./_exit.ts";
import { filterFlags } from "./_filter.ts";
import { STDOUT } from "./_flags.ts";
import type { ProxyFlags } from "./_proxy/flags.ts";
import { redactFlags } from "./_redact.ts";

const text = { kind: "parsed", parse: String, optional: true } as const;
const list = { ...text, variadic: true } as const;

/** Proxies. */
export const proxy: Command<CliContext> = buildCommand<ProxyFlags, string[], CliContext>({
  docs: {
    brief: "Stand between a client and a server: no rights needed, any system, may refuse calls",
    fullDescription:
      `Starts a server and moves its bytes, unchanged, or stands before one that speaks HTTP. Its messages go to a
mcpsonde that listens, else to a file in ~/.mcpsonde/proxy, or to FILE. A client is told of it by naming it as the server:
mcpsonde wrap does so in the clients' configurations.

A policy lets only some calls pass; one that is denied is answered with an error that names the rule. --deny and --allow
take filter expressions (docs/filter.md). With --allow, no other tool may be called.

  mcpsonde proxy -- npx -y @modelcontextprotocol/server-everything
  mcpsonde proxy --name files -o files.jsonl -- python server.py
  mcpsonde proxy --deny 'tool:delete_*' --deny 'tool:write_file text:/etc/' -- node server.js
  mcpsonde proxy --policy rules.jsonc --dry-run -- node server.js
  mcpsonde proxy --http http://localhost:3000/mcp --listen 127.0.0.1:3100`,
    customUsage: ["[OPTIONS] -- CMD [ARGS…]", "[OPTIONS] --http URL [--listen ADDRESS:PORT]"],
  },
  parameters: {
    positional: {
      kind: "array",
      parameter: { parse: String, placeholder: "CMD", brief: "The server and its arguments, after --" },
    },
    flags: {
      name: { ...text, placeholder: "NAME", brief: "What to call the server" },
      out: { ...text, placeholder: "FILE", brief: "Write all messages to this JSONL file" },
      pipeline: {
        ...text,
        placeholder: "FILE",
        brief: "Run this pipeline file, which has a source of the type stdio",
      },
      policy: { ...text, placeholder: "FILE", brief: "Rules for what may pass (docs/proxy.md)" },
      deny: { ...list, placeholder: "EXPR", brief: "Let nothing pass that matches; may be given several times" },
      allow: { ...list, placeholder: "EXPR", brief: "Let only such tools be called; may be given several times" },
      dryRun: { kind: "boolean", default: false, withNegated: false, brief: "Only tell what the policy would deny" },
      http: { ...text, placeholder: "URL", brief: "Stand before the server at this address" },
      listen: { ...text, placeholder: "ADDRESS:PORT", brief: "Where to stand; by default at a free port of 127.0.0.1" },
      allowHost: { ...list, placeholder: "HOST", brief: "Another name that clients may call it by" },
      allowOrigin: { ...list, placeholder: "ORIGIN", brief: "Web pages of this origin may use it" },
      ...filterFlags,
      ...redactFlags,
    },
    aliases: { o: "out", p: "pipeline" },
  },
  async func(flags, ...command) {
    if (flags.out === STDOUT) throw new Failure("standard output is the client's: name a file", EXIT.usage);
    if (flags.pipeline !== undefined && (flags.out !== undefined || flags.filter !== undefined)) {
      throw new Failure(
        `--pipeline FILE says itself what becomes of messages: write it into ${flags.pipeline}`,
        EXIT.usage,
      );
    }
    if (flags.http !== undefined) {
      if (flags.pipeline !== undefined) {
        throw new Failure("a pipeline file says itself where http_proxy stands: mcpsonde --pipeline FILE", EXIT.usage);
      }
      if (command.length > 0) throw new Failure("either --http URL or a command, not both", EXIT.usage);
      const { proxyHttp } = await import("./_proxy/http.ts");
      this.process.exitCode = await proxyHttp(flags.http, flags, this);
      return;
    }
    if (command.length === 0) throw new Failure("name the server: mcpsonde proxy -- CMD, or --http URL", EXIT.usage);
    const { proxyStdio } = await import("./_proxy/stdio.ts");
    await proxyStdio(flags, command);
  },
});
