import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { useSession } from "../door/session.ts";
import { texts } from "../texts/texts.ts";
import { CustomFilterButton } from "./custom-filter-button.tsx";
import { customFilter } from "./custom-filters.ts";
import styles from "./filter-bar.module.css";
import { FilterButton } from "./filter-button.tsx";
import { OneOf, TagsFilter } from "./filter-controls.tsx";
import { filterGroups, filterOf, filters, partsOf, tagCondition, tagOf, withConditions } from "./filters.ts";
import type { CustomField } from "./search-terms.ts";

interface BarProps {
  readonly id: string;
  /** What the search field holds. */
  readonly text: string;
  readonly custom: readonly CustomField[];
  /** Whether the search covers the whole library; undefined where there is no folder to leave. */
  readonly everywhere: boolean | undefined;
  /** Whether the bar has just been opened, so that the keyboard comes along. */
  readonly takesFocus: boolean;
  readonly onEverywhere: (everywhere: boolean) => void;
  /** Searches at once. */
  readonly onQuery: (query: string) => void;
  readonly onClose: () => void;
}

const words = texts.search;

/**
 * The filters above the files. Each writes its conditions into the query. The tab key leads to one of them, and arrow
 * keys lead to the others.
 */
export function FilterBar({ id, text, custom, everywhere, takesFocus, onEverywhere, onQuery, onClose }: BarProps) {
  const { account } = useSession();
  const bar = useRef<HTMLDivElement>(null);
  const stop = useRef<Element>(undefined);
  const tags = partsOf(text).flatMap((part) => tagOf(part) ?? []);

  // Filters come and go with the fields of the library, so the stops are found anew each time.
  useLayoutEffect(() => {
    const stops = stopsOf(bar.current);
    const isThere = stops.some((each) => each === stop.current);
    if (!isThere) stop.current = stops[0];
    for (const each of stops) each.tabIndex = each === stop.current ? 0 : -1;
  });
  const [isAskedFor] = useState(takesFocus);
  useLayoutEffect(() => {
    if (isAskedFor) stopsOf(bar.current)[0]?.focus();
  }, [isAskedFor]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const stops = stopsOf(bar.current);
    const at = stops.indexOf(event.target as HTMLElement);
    // What opens from a button is in another place of the page.
    if (at < 0) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % stops.length,
      ArrowLeft: (at - 1 + stops.length) % stops.length,
      Home: 0,
      End: stops.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) stops[to]?.focus();
    else if (event.key === "Escape") onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={bar}
      id={id}
      role="toolbar"
      aria-label={words.filters}
      className={styles.bar}
      onKeyDown={onKeyDown}
      onFocus={({ target }) => {
        const stops = stopsOf(bar.current);
        if (!stops.includes(target as HTMLElement)) return;
        stop.current = target;
        for (const each of stops) each.tabIndex = each === target ? 0 : -1;
      }}
    >
      {filterGroups.map((group) => {
        const options = filters[group].map(({ name, condition }) => ({ label: words.chips[name], text: condition }));
        const chosen = options.find((option) => filterOf(text, option.text));
        const isOwn = (part: string) => options.some((option) => option.text === part);
        return (
          <FilterButton key={group} label={words.groups[group]} values={chosen === undefined ? [] : [chosen.label]}>
            {(close) => (
              <OneOf
                label={words.groups[group]}
                options={options}
                chosen={chosen?.text}
                onChange={(condition) =>
                  onQuery(withConditions(text, isOwn, condition === undefined ? [] : [condition]))
                }
                onClose={close}
              />
            )}
          </FilterButton>
        );
      })}
      <FilterButton label={words.groups.tags} values={tags}>
        {() => (
          <TagsFilter
            chosen={tags}
            onChange={(next) =>
              onQuery(withConditions(text, (part) => tagOf(part) !== undefined, next.map(tagCondition)))
            }
          />
        )}
      </FilterButton>
      {custom.map((field) => (
        <CustomFilterButton key={field.id} filter={customFilter(field)} text={text} onQuery={onQuery} />
      ))}
      {everywhere !== undefined && (
        <button
          type="button"
          className={styles.chip}
          data-on={everywhere || undefined}
          aria-pressed={everywhere}
          onClick={() => onEverywhere(!everywhere)}
        >
          {words.everywhere}
        </button>
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
  );
}

function stopsOf(bar: HTMLElement | null): HTMLElement[] {
  return [...(bar?.querySelectorAll<HTMLElement>("button, a") ?? [])];
}
