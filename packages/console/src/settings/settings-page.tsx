import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMayChange } from "../door/session.ts";
import { NotFound } from "../shell/not-found.tsx";
import { State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Delivery } from "./delivery.tsx";
import { Endpoints } from "./endpoints.tsx";
import { Extensions } from "./extensions.tsx";
import { Fields } from "./fields.tsx";
import { Keys } from "./keys.tsx";
import { Named } from "./named.tsx";
import { Origins } from "./origins.tsx";
import { Sessions } from "./sessions.tsx";
import styles from "./settings-page.module.css";
import { Usage } from "./usage.tsx";

/** The parts of the settings, in their order. Those of the server's own API need a key with full access. */
const parts = {
  usage: { view: Usage, needsFull: false },
  keys: { view: Keys, needsFull: true },
  sessions: { view: Sessions, needsFull: true },
  fields: { view: Fields, needsFull: false },
  named: { view: Named, needsFull: false },
  delivery: { view: Delivery, needsFull: true },
  endpoints: { view: Endpoints, needsFull: false },
  origins: { view: Origins, needsFull: false },
  extensions: { view: Extensions, needsFull: false },
} as const;
type Part = keyof typeof parts;

const words = texts.settings;

/** The account: what it uses, who may use it, and what its files can say about themselves. */
export function SettingsPage() {
  const { part = "usage" } = useParams({ strict: false }) as { readonly part?: string };
  const mayChange = useMayChange();
  const nav = useRef<HTMLElement>(null);
  // On a small screen the parts are a line that scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part is another link
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [part]);
  if (!Object.hasOwn(parts, part)) return <NotFound />;
  const { view: View, needsFull } = parts[part as Part];
  return (
    <div className={styles.page}>
      <nav ref={nav} className={styles.parts} aria-label={words.title}>
        {(Object.keys(parts) as Part[]).map((each) => (
          <Link key={each} to="/settings/$part" params={{ part: each }} className={styles.part}>
            {words.parts[each]}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        {needsFull && !mayChange ? (
          <State title={words.parts[part as Part]} help={texts.problem.forbidden} />
        ) : (
          <View mayChange={mayChange} />
        )}
      </div>
    </div>
  );
}
