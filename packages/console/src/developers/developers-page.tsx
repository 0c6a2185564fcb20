import { Link, useParams } from "@tanstack/react-router";
import { useMayChange } from "../door/session.ts";
import styles from "../settings/settings-page.module.css";
import { NotFound } from "../shell/not-found.tsx";
import { State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import { Refusals } from "./refusals.tsx";
import { Tokens } from "./tokens.tsx";

/** The parts for developers, in their order. They are the server's own API, which needs a key with full access. */
const parts = { refusals: Refusals, tokens: Tokens } as const;
type Part = keyof typeof parts;

const words = texts.developers;

/** What a developer asks: why was it refused, what is wrong with this token, how is one made? */
export function DevelopersPage() {
  const { part = "refusals" } = useParams({ strict: false }) as { readonly part?: string };
  const mayChange = useMayChange();
  if (!Object.hasOwn(parts, part)) return <NotFound />;
  const View = parts[part as Part];
  return (
    <div className={styles.page}>
      <nav className={styles.parts} aria-label={words.title}>
        {(Object.keys(parts) as Part[]).map((each) => (
          <Link key={each} to="/developers/$part" params={{ part: each }} className={styles.part}>
            {words.parts[each]}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        {mayChange ? <View /> : <State title={words.parts[part as Part]} help={texts.problem.forbidden} />}
      </div>
    </div>
  );
}
