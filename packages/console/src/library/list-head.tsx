import { ArrowDown, ArrowUp } from "lucide-react";
import { texts } from "../texts/texts.ts";
import type { Sort } from "./library-state.ts";
import styles from "./list-head.module.css";

interface ListHeadProps {
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}

const words = texts.library.columns;

/** The names of the list's columns. A click on one sorts by it. */
export function ListHead({ sort, onSort }: ListHeadProps) {
  return (
    <div className={styles.head} role="group" aria-label={texts.library.sort}>
      <Column label={words.name} sort={sort} down="ASC_NAME" up="DESC_NAME" onSort={onSort} />
      <span className={styles.label}>{words.type}</span>
      <Column label={words.changed} sort={sort} down="DESC_UPDATED" onSort={onSort} />
    </div>
  );
}

interface ColumnProps extends ListHeadProps {
  readonly label: string;
  readonly down: Sort;
  /** The order of a second click. */
  readonly up?: Sort;
}

function Column({ label, sort, down, up = down, onSort }: ColumnProps) {
  const isSorted = sort === down || sort === up;
  const Icon = sort === down ? ArrowDown : ArrowUp;
  return (
    <button
      type="button"
      className={styles.label}
      aria-pressed={isSorted}
      onClick={() => onSort(sort === down ? up : down)}
    >
      {label}
      {isSorted && <Icon size={14} aria-hidden />}
    </button>
  );
}
