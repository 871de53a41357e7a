/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Which keys there are.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { STRINGS } from "../strings.ts";
import { Icon } from "./icon.tsx";

const { help: words } = STRINGS;
const GROUPS:
  readonly (readonly [keyof typeof words.groups, readonly (readonly [string, keyof typeof words.keys])[]])[] = [
    ["everywhere", [
      ["?", "help"],
      ["/", "filter"],
      ["Esc", "escape"],
      ["g c", "calls"],
      ["g s", "servers"],
      ["g f", "findings"],
      ["g t", "topology"],
      ["g l", "rates"],
      ["g h", "health"],
      ["d", "theme"],
    ]],
    ["list", [["j", "down"], ["k", "up"], ["Enter", "open"], ["p", "pause"], ["n", "newest"]]],
    ["call", [["s", "search"]]],
  ];

/** The dialog. */
export function Help({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <div class="help-head">
        <h2 id="help-title">{words.title}</h2>
        <button type="button" class="bare" aria-label={STRINGS.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div class="help-groups">
        {GROUPS.map(([group, keys]) => (
          <section key={group}>
            <h3>{words.groups[group]}</h3>
            <dl>
              {keys.map(([key, name]) => (
                <div key={key}>
                  <dt>
                    {key.split(" ").map((part, k) => (
                      <>
                        {k > 0 && ` ${words.then} `}
                        <kbd>{part}</kbd>
                      </>
                    ))}
                  </dt>
                  <dd>{words.keys[name]}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}
