import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { fieldsKey, loadFields } from "../library/custom-fields.ts";
import type { LibraryState } from "../library/library-state.ts";
import { FilterBar } from "./filter-bar.tsx";
import { SearchField } from "./search-field.tsx";
import type { QueryProblem } from "./search-query.ts";
import { searchTerms } from "./search-terms.ts";

interface SearchProps {
  readonly folder: string;
  readonly state: LibraryState;
  readonly problem: QueryProblem | undefined;
  readonly onChange: (change: Partial<Record<keyof LibraryState, string | boolean | undefined>>) => void;
}

/** The search field in the page's header, and the filters above the files, which write the query. */
export function LibrarySearch({ folder, state, problem, onChange }: SearchProps) {
  const [text, setText] = useState(state.q ?? "");
  useEffect(() => setText(state.q ?? ""), [state.q]);
  /** What has been done with the bar of filters. Before anything is, it is there with a search. */
  const [bar, setBar] = useState<"opened" | "used" | "closed">();
  const isShown = bar === undefined ? state.q !== undefined : bar !== "closed";
  const [isUsed, setUsed] = useState(false);
  const filterId = useId();
  const { data: custom = [] } = useQuery({
    queryKey: fieldsKey,
    queryFn: ({ signal }) => loadFields(signal),
    staleTime: 5 * 60_000,
    enabled: isUsed || isShown,
  });
  const terms = useMemo(() => searchTerms(custom), [custom]);
  const middle = document.getElementById("header-middle");

  function search(query: string): void {
    const q = query.trim();
    const others = { similar: undefined, duplicates: undefined, file: undefined };
    onChange({ ...others, q: q === "" ? undefined : q, everywhere: q === "" ? undefined : state.everywhere });
  }

  return (
    <>
      {middle &&
        createPortal(
          <SearchField
            text={text}
            terms={terms}
            problem={problem}
            filters={{ id: filterId, isShown, toggle: () => setBar(isShown ? "closed" : "opened") }}
            onText={setText}
            onSearch={search}
            onFocus={() => setUsed(true)}
          />,
          middle,
        )}
      {isShown && (
        <FilterBar
          id={filterId}
          text={text}
          custom={custom}
          everywhere={folder === "/" ? undefined : state.everywhere === true}
          takesFocus={bar === "opened"}
          onEverywhere={(everywhere) => onChange({ everywhere: everywhere ? true : undefined })}
          onQuery={(query) => {
            // The bar stays, also once its last condition is taken away.
            setBar("used");
            setText(query);
            search(query);
          }}
          onClose={() => {
            setBar("closed");
            middle?.querySelector<HTMLElement>("button[aria-expanded]")?.focus();
          }}
        />
      )}
    </>
  );
}
