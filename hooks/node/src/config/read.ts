/**
 * Reads a configuration, and takes from it what is right.
 *
 * @module
 */
import { Fields } from "./fields.ts";
import type { Config, RedactConfig, RedactRule } from "./config.ts";

const ACTIONS = ["mask", "hash", "remove", "keep"] as const;
const MOST_RULES = 100;

/** The configuration, and what was wrong: paths of members that count as left out. */
export interface Reading {
  readonly config: Config;
  readonly problems: readonly string[];
}

/** Reads the text of a file; undefined: there is none. Never throws. */
export function readConfig(text: string | undefined): Reading {
  const problems: string[] = [];
  let value: unknown = {};
  if (text !== undefined) {
    try {
      value = JSON.parse(text);
    } catch {
      problems.push("(not JSON)");
    }
  }
  const root = new Fields(value, "", problems);
  const mcp = root.part("mcp"),
    imports = root.part("imports"),
    audit = root.part("audit");
  const queue = root.part("queue");
  const config: Config = {
    mcp: mcp.isOn && {
      messages: mcp.flag("messages"),
      registrations: mcp.flag("registrations"),
      spans: mcp.flag("spans"),
    },
    imports: imports.isOn &&
      {
        hash: imports.flag("hash"),
        standardLibrary: imports.flag("standard_library"),
      },
    audit: audit.isOn && {
      events: audit.has("events") ? new Set(audit.texts("events")) : undefined,
      sensitivePaths: audit.texts("sensitive_paths"),
      perSecond: audit.integer("per_second", 50, 1),
    },
    socket: root.textOrFalse("socket"),
    spool: spoolOf(root),
    queue: {
      maxEvents: queue.integer("max_events", 20_000, 16),
      maxBytes: queue.integer("max_bytes", 32 * 1024 * 1024, 65_536),
    },
    follow: root.flag("follow"),
    redact: redactOf(root),
  };
  for (const part of [root, mcp, imports, audit, queue]) part.unknown();
  return { config, problems };
}

function spoolOf(root: Fields): Config["spool"] {
  const usual = {
    dir: undefined,
    maxFileBytes: 1024 * 1024,
    maxTotalBytes: 64 * 1024 * 1024,
  };
  if (root.isText("spool")) return { ...usual, dir: root.text("spool") };
  const part = root.part("spool");
  const spool = part.isOn && {
    dir: part.text("dir"),
    maxFileBytes: part.integer("max_file_bytes", usual.maxFileBytes, 4096),
    maxTotalBytes: part.integer("max_total_bytes", usual.maxTotalBytes, 8192),
  };
  part.unknown();
  return spool;
}

function redactOf(root: Fields): RedactConfig | false {
  const part = root.part("redact");
  if (!part.isOn) return false;
  const rules = part.list("rules").slice(0, MOST_RULES).flatMap((fields) => ruleOf(fields) ?? []);
  const redact: RedactConfig = {
    builtin: part.flag("builtin"),
    also: part.texts("also"),
    except: part.texts("except"),
    action: part.oneOf("action", ["mask", "hash"]) ?? "mask",
    hashKey: part.text("hash_key", 16),
    rules,
  };
  part.unknown();
  return redact;
}

function ruleOf(fields: Fields): RedactRule | undefined {
  const action = fields.oneOf("action", ACTIONS);
  const [name, key, value, field] = ["name", "key", "value", "field"].map((member) => fields.text(member));
  fields.unknown();
  if (action === undefined || (key ?? value ?? field) === undefined) {
    fields.wrong("");
    return undefined;
  }
  return {
    action,
    ...(name !== undefined && /^[a-z0-9_.-]{1,64}$/.test(name) ? { name } : {}),
    ...(key === undefined ? {} : { key }),
    ...(value === undefined ? {} : { value }),
    ...(field === undefined ? {} : { field }),
  };
}
