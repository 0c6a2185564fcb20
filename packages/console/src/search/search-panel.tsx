import type { ReactNode } from "react";
import { useTags } from "../complete/use-tags.ts";
import { useSession } from "../door/session.ts";
import { texts } from "../texts/texts.ts";
import { filterGroups, filterOf, filters, tagCondition, toggleFilter } from "./filters.ts";
import styles from "./search-panel.module.css";
import type { QueryProblem } from "./search-query.ts";
import type { Term } from "./search-terms.ts";

interface PanelProps {
  readonly text: string;
  readonly problem: QueryProblem | undefined;
  /** The fields of custom metadata. */
  readonly custom: readonly Term[];
  /** Whether the search covers the whole library; undefined where there is no folder to leave. */
  readonly everywhere: boolean | undefined;
  readonly onEverywhere: (everywhere: boolean) => void;
  /** Searches at once. */
  readonly onQuery: (query: string) => void;
  /** Leaves a condition for the user to end. */
  readonly onBegin: (text: string) => void;
}

const words = texts.search;
/** More of the library's tags are found by typing. */
const shownTags = 8;

/** The filters below the search field. Each writes its condition into the query. */
export function SearchPanel({ text, problem, custom, everywhere, onEverywhere, onQuery, onBegin }: PanelProps) {
  const { account } = useSession();
  const tags = useTags("", true, shownTags);
  return (
    <div className={styles.panel} role="group" aria-label={words.filters}>
      {problem && (
        <p id="search-problem" className={styles.problem} role="alert">
          {words.mistake(problem.position + 1, problem.problem)}
        </p>
      )}
      {filterGroups.map((group) => {
        const inGroup = filters.filter((filter) => filter.group === group);
        const conditions = inGroup.map(({ condition }) => condition);
        return (
          <Chips key={group} label={words.groups[group]}>
            {inGroup.map(({ name, condition }) => (
              <Chip
                key={name}
                label={words.chips[name]}
                isOn={filterOf(text, condition)}
                onToggle={() => onQuery(toggleFilter(text, condition, conditions))}
              />
            ))}
          </Chips>
        );
      })}
      {tags.length > 0 && (
        <Chips label={words.groups.tags}>
          {tags.map((tag) => (
            <Chip
              key={tag}
              label={tag}
              isOn={filterOf(text, tagCondition(tag))}
              onToggle={() => onQuery(toggleFilter(text, tagCondition(tag)))}
            />
          ))}
        </Chips>
      )}
      {custom.length > 0 && (
        <Chips label={words.groups.custom}>
          {custom.map(({ field, label }) => (
            <Chip key={field} label={`${label}…`} onToggle={() => onBegin(`${toggleFilter(text, field)} `)} />
          ))}
        </Chips>
      )}
      <div className={styles.foot}>
        {everywhere !== undefined && (
          <Chip label={words.everywhere} isOn={everywhere} onToggle={() => onEverywhere(!everywhere)} />
        )}
        <a
          className={styles.help}
          href={new URL("/docs/api#tag/Files", account.urlEndpoint).href}
          target="_blank"
          rel="noreferrer"
        >
          {words.help}
        </a>
      </div>
    </div>
  );
}

function Chips({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={styles.group} role="group" aria-label={label}>
      <span className={styles.title} aria-hidden>
        {label}
      </span>
      <div className={styles.chips}>{children}</div>
    </div>
  );
}

interface ChipProps {
  readonly label: string;
  /** Whether the chip is on; undefined for one that begins something instead. */
  readonly isOn?: boolean;
  readonly onToggle: () => void;
}

function Chip({ label, isOn, onToggle }: ChipProps) {
  return (
    <button type="button" className={styles.chip} aria-pressed={isOn} onClick={onToggle}>
      {label}
    </button>
  );
}
