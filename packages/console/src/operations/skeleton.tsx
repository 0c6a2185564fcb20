import { texts } from "../texts/texts.ts";
import styles from "./operations.module.css";

/** Stands in for rows that are asked for. */
export function Skeleton({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label={texts.shell.loading}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={styles.skeleton} />
      ))}
    </div>
  );
}
