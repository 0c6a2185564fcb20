import type { ReactNode } from "react";
import { useMayChange } from "../door/session.ts";
import { State } from "../shell/states.tsx";
import { texts } from "../texts/texts.ts";
import styles from "./operations.module.css";

/** A view of operators. Those whose key may only read are told so, because the server would refuse them. */
export function OperationsView({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  if (!useMayChange()) return <State title={title} help={texts.problem.forbidden} />;
  return (
    // The view scrolls, also by keyboard where nothing in it takes the focus.
    <div role="group" className={styles.page} aria-label={title} tabIndex={0}>
      <div className={styles.content}>{children}</div>
    </div>
  );
}
