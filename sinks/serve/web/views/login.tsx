/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * Asks for the token.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Logo } from "../parts/logo.tsx";
import { type Login, logIn } from "../session.ts";
import { STRINGS } from "../strings.ts";

const { login: words } = STRINGS;

/** The form. `first`: how it went with the token of the address. */
export function LoginView(
  { first, onDone }: { readonly first: Login | undefined; readonly onDone: () => void },
): JSX.Element {
  const [how, setHow] = useState<Login | undefined>(first === "ok" ? undefined : first);
  const [token, setToken] = useState("");
  const told = how === undefined || how === "ok" ? undefined : words[how];
  return (
    <main class="login">
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          const how = await logIn(token.trim());
          setHow(how);
          if (how === "ok") onDone();
        }}
      >
        <Logo />
        <h1>{words.title}</h1>
        <p>{words.about}</p>
        <label for="token">{words.token}</label>
        <input
          id="token"
          class="mono"
          type="password"
          autocomplete="off"
          required
          aria-invalid={told !== undefined}
          aria-describedby="told"
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
        <p id="told" class="mistake-text" role="alert">{told}</p>
        <button type="submit" class="primary">{words.submit}</button>
      </form>
    </main>
  );
}
