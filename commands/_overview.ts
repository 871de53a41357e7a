/**
 * What `mcpsonde --help` says.
 *
 * @module
 */
import type { Commands } from "./_main.ts";

const HIDDEN = "monitor";

/** The first screen. */
export function overview(commands: Commands, version: string): string {
  const names = Object.keys(commands).filter((name) => name !== HIDDEN);
  const widest = Math.max(...names.map((name) => name.length));
  const list = names.map((name) => `  ${name.padEnd(widest)}  ${commands[name]?.brief ?? ""}`).join("\n");
  return `mcpsonde ${version}: see what MCP clients and servers do, without touching them

Usage
  mcpsonde [OPTIONS]            watch the MCP traffic of this machine until Ctrl-C
  mcpsonde --pipeline FILE      run a pipeline file
  mcpsonde COMMAND [OPTIONS]

Options
  -o, --out FILE                write every message to a JSONL file too
  -v, --verbose                 show params and results in full
      --filter EXPR             show only what matches: 'tool:search* latency>500ms'
      --pid, --comm, --container, --except-pid, …
                                watch only, or all but, some processes
      --help                    after a command: its help; all of these: mcpsonde help monitor
      --version                 show the version

Commands
${list}

Examples
  sudo mcpsonde                           watch everything
  sudo mcpsonde --comm claude -o all.jsonl
  sudo mcpsonde record -o bug.capture     keep the raw bytes, to look at them again and again
  mcpsonde replay bug.capture --verbose
  mcpsonde demo                           see it at work with a real client and server

Exit codes
  0  done, also after Ctrl-C              3  the machine lacks what is needed: mcpsonde doctor
  1  something failed while running       4  check or baseline diff found something
  2  a mistake in arguments or in       130  a second Ctrl-C ended it at once
     a pipeline file
`;
}
