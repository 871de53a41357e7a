/** @jsxRuntime automatic */
/** @jsxImportSource preact */
/**
 * The page as a whole.
 *
 * @module
 */
/// <reference lib="dom" />
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type About, api, needsLogin } from "./api.ts";
import { Help } from "./parts/help.tsx";
import { Icon } from "./parts/icon.tsx";
import { Logo } from "./parts/logo.tsx";
import { Text } from "./parts/text.tsx";
import { go, printRoute, route, type View, VIEWS } from "./route.ts";
import type { Login } from "./session.ts";
import { connection, stream } from "./stream.ts";
import { STRINGS } from "./strings.ts";
import { theme, turnTheme } from "./theme.ts";
import { useKeys, useLoad } from "./use.ts";
import { CallsView } from "./views/calls.tsx";
import { FindingsView } from "./views/findings.tsx";
import { HealthView } from "./views/health.tsx";
import { LoginView } from "./views/login.tsx";
import { RatesView } from "./views/rates.tsx";
import { ServersView } from "./views/servers.tsx";
import { TopologyView } from "./views/topology.tsx";

const JUMPS: readonly (readonly [string, View])[] = [
  ["g c", "calls"],
  ["g s", "servers"],
  ["g f", "findings"],
  ["g t", "topology"],
  ["g l", "rates"],
  ["g h", "health"],
];

/** The page. `login`: how it went with a token of the address. */
export function App({ login }: { readonly login: Login | undefined }): JSX.Element {
  const [turn, setTurn] = useState(0);
  if (needsLogin.value) {
    return (
      <LoginView
        first={login}
        onDone={() => {
          setTurn(turn + 1);
          stream.again();
        }}
      />
    );
  }
  return <Shell key={turn} />;
}

function Shell(): JSX.Element {
  const [isHelp, setHelp] = useState(false);
  const { value: about, reload } = useLoad<About>(() => api.about(), []);
  const isLive = connection.value === "live";
  useEffect(() => {
    if (isLive && about === undefined) reload();
  }, [isLive]);
  const { view, item } = route.value;
  const jumps = Object.fromEntries(JUMPS.map(([keys, view]) => [keys, () => go({ view })]));
  useKeys({ ...jumps, "?": () => setHelp(true), d: turnTheme });
  useEffect(() => {
    document.title = `${STRINGS.nav[view]}${item === undefined ? "" : ` ${item.slice(0, 40)}`} · ${STRINGS.product}`;
  }, [view, item]);
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        {STRINGS.skip}
      </a>
      <header class="top">
        <a class="brand" href={printRoute({ view: "calls" })}>
          <Logo />
          <span>{STRINGS.product}</span>
        </a>
        {about !== undefined && (
          <span class="shown">
            <Text value={about.title} most={60} />
          </span>
        )}
        <nav aria-label={STRINGS.nav.label}>
          {VIEWS.map((name) => (
            <a key={name} href={printRoute({ view: name })} aria-current={name === view ? "page" : undefined}>
              <Icon name={name} />
              <span>{STRINGS.nav[name]}</span>
            </a>
          ))}
        </nav>
        <span class="grow"></span>
        <State live={about?.live} />
        <button
          type="button"
          class="bare"
          onClick={turnTheme}
          title={`${STRINGS.theme.label}: ${STRINGS.theme[theme.value]}`}
          aria-label={`${STRINGS.theme.label}: ${STRINGS.theme[theme.value]}`}
        >
          <Icon name={theme.value} />
        </button>
        <button
          type="button"
          class="bare not-narrow"
          onClick={() => setHelp(true)}
          title={`${STRINGS.help.open} (?)`}
          aria-label={STRINGS.help.open}
        >
          <Icon name="help" />
        </button>
      </header>
      <main id="content" tabIndex={-1}>
        {view === "calls" && <CallsView about={about} />}
        {view === "servers" && <ServersView about={about} />}
        {view === "findings" && <FindingsView />}
        {view === "topology" && <TopologyView about={about} />}
        {view === "rates" && <RatesView about={about} />}
        {view === "health" && <HealthView />}
      </main>
      {isHelp && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

function State({ live }: { readonly live: boolean | undefined }): JSX.Element {
  const words = STRINGS.connection;
  const now = connection.value;
  const [name, text, about] = now === "lost"
    ? ["lost", words.lost, words.lostAbout]
    : now === "connecting"
    ? ["connecting", words.connecting, ""]
    : live === false
    ? ["still", words.still, words.stillAbout]
    : ["live", words.live, words.liveAbout];
  return (
    <span class={`state is-${name}`} role="status" aria-label={`${words.label}: ${text}`} title={about}>
      <span class="state-dot"></span>
      <span class="state-text">{text}</span>
    </span>
  );
}
