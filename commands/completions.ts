/**
 * `mcpsonde completions SHELL`: a script that completes mcpsonde's commands and options.
 *
 * @module
 */
import { buildChoiceParser, buildCommand, type Command } from "@stricli/core";
import type { CliContext } from "./_context.ts";

/** Shells that a script exists for. */
type Shell = "bash" | "zsh" | "fish";
const SHELLS: readonly Shell[] = ["bash", "zsh", "fish"];

/** Prints the script. */
export const completions: Command<CliContext> = buildCommand<Record<never, never>, [Shell], CliContext>({
  docs: {
    brief: "Print a completion script for bash, zsh or fish",
    fullDescription: `Prints a script that completes commands, options and files.

  source <(mcpsonde completions bash)                   # in ~/.bashrc
  source <(mcpsonde completions zsh)                    # in ~/.zshrc, after compinit
  mcpsonde completions fish | source                    # in ~/.config/fish/config.fish`,
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [{
        parse: buildChoiceParser(SHELLS),
        proposeCompletions: () => SHELLS,
        placeholder: "SHELL",
        brief: SHELLS.join(", "),
      }],
    },
  },
  func(_flags, shell) {
    this.process.stdout.write(SCRIPTS[shell]);
  },
});

/** Each asks `mcpsonde __complete -- WORD…` for lines of word, tab, description, and falls back to files. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# mcpsonde completion for bash
_mcpsonde() {
  local line
  COMPREPLY=()
  while IFS='' read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <("$1" __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # no space behind a field of a filter
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace 2>/dev/null
}
complete -o default -o bashdefault -F _mcpsonde mcpsonde
`,
  zsh: `#compdef mcpsonde
# mcpsonde completion for zsh
_mcpsonde() {
  local line
  local -a proposals
  while IFS='' read -r line; do
    proposals+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#proposals} )); then
    _describe 'mcpsonde' proposals
  else
    _files
  fi
}
if [ "\${funcstack[1]}" = _mcpsonde ]; then
  _mcpsonde "$@"
else
  compdef _mcpsonde mcpsonde
fi
`,
  fish: `# mcpsonde completion for fish
function __mcpsonde_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l proposals ($words[1] __complete -- $words[2..-1] 2>/dev/null)
    if test (count $proposals) -gt 0
        printf '%s\\n' $proposals
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c mcpsonde -f -a '(__mcpsonde_complete)'
`,
};
