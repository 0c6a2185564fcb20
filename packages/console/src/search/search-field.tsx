import { CloseButton, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type FormEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Options } from "../complete/options.tsx";
import { useCompletion } from "../complete/use-completion.ts";
import { useTags } from "../complete/use-tags.ts";
import { fieldsKey, loadFields } from "../library/custom-fields.ts";
import type { LibraryState } from "../library/library-state.ts";
import { texts } from "../texts/texts.ts";
import { optionsAt, placeIn, type QueryOption } from "./complete-query.ts";
import styles from "./search-field.module.css";
import { SearchPanel } from "./search-panel.tsx";
import type { QueryProblem } from "./search-query.ts";
import { searchTerms } from "./search-terms.ts";

interface SearchProps {
  readonly folder: string;
  readonly state: LibraryState;
  readonly problem: QueryProblem | undefined;
  readonly onChange: (change: Partial<Record<keyof LibraryState, string | boolean | undefined>>) => void;
}

const words = texts.search;

/** One field for plain words and for queries, which completes what is typed. Filters write the query. */
export function SearchField({ folder, state, problem, onChange }: SearchProps) {
  const [text, setText] = useState(state.q ?? "");
  const [isOpen, setOpen] = useState(false);
  /** The place of the caret while something is typed; undefined while nothing is. */
  const [caret, setCaret] = useState<number>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(state.q ?? ""), [state.q]);
  useHotkeys([["/", () => input.current?.focus()]]);
  // The place of the mistake is selected, so that it is seen and can be typed over.
  useEffect(() => {
    if (problem !== undefined && document.activeElement === input.current)
      input.current?.setSelectionRange(problem.position, problem.position + 1);
  }, [problem]);

  const { data: custom = [] } = useQuery({
    queryKey: fieldsKey,
    queryFn: ({ signal }) => loadFields(signal),
    staleTime: 5 * 60_000,
    enabled: isOpen,
  });
  const terms = useMemo(() => searchTerms(custom), [custom]);
  const place = caret === undefined ? undefined : placeIn(text.slice(0, caret), terms);
  const wantsTags =
    place !== undefined &&
    ((place.expected === "field" && place.typed !== "") ||
      ((place.expected === "value" || place.expected === "item") && place.term?.values === "tags"));
  const tags = useTags(place?.typed ?? "", isOpen && wantsTags);
  const completion = useCompletion(
    `${caret} ${text}`,
    place === undefined || !isOpen ? [] : optionsAt(place, terms, tags),
    ({ insert }: QueryOption) => {
      if (place === undefined || caret === undefined) return;
      write(text.slice(0, place.from) + insert, text.slice(caret));
    },
  );

  /** The place for the caret once the text that was written is in the field. */
  const wantedCaret = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (wantedCaret.current === undefined) return;
    input.current?.setSelectionRange(wantedCaret.current, wantedCaret.current);
    wantedCaret.current = undefined;
  });

  /** Writes the text and puts the caret between its parts. */
  function write(before: string, after = ""): void {
    input.current?.focus();
    setText(before + after);
    setCaret(before.length);
    wantedCaret.current = before.length;
  }

  function search(query: string): void {
    const q = query.trim();
    const others = { similar: undefined, duplicates: undefined, file: undefined };
    setCaret(undefined);
    onChange({ ...others, q: q === "" ? undefined : q, everywhere: q === "" ? undefined : state.everywhere });
  }

  /** Empties the field too: a text that nobody has searched for is in no address that would empty it. */
  function clear(): void {
    write("");
    search("");
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    search(text);
  }

  return (
    <search
      className={styles.search}
      onFocus={() => setOpen(true)}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget)) return;
        setOpen(false);
        setCaret(undefined);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") setOpen(false);
      }}
    >
      <form onSubmit={submit}>
        <TextInput
          ref={input}
          type="text"
          enterKeyHint="search"
          spellCheck={false}
          autoCapitalize="none"
          aria-label={words.label}
          placeholder={words.placeholder}
          value={text}
          maxLength={16_384}
          onChange={({ currentTarget }) => {
            setOpen(true);
            setText(currentTarget.value);
            setCaret(currentTarget.selectionStart ?? currentTarget.value.length);
          }}
          leftSection={<Search size={16} aria-hidden />}
          rightSection={text !== "" && <CloseButton size="sm" aria-label={texts.library.clearSearch} onClick={clear} />}
          error={problem !== undefined}
          aria-describedby={problem && "search-problem"}
          {...completion.fieldProps}
          onKeyDown={(event) => {
            if (completion.takeKey(event)) return;
            // Without anything typed, the arrow key asks what may stand here.
            if (event.key !== "ArrowDown" || completion.options.length > 0) return;
            setOpen(true);
            setCaret(event.currentTarget.selectionStart ?? text.length);
            event.preventDefault();
          }}
        />
      </form>
      {isOpen && (
        <div className={styles.popup}>
          {completion.options.length > 0 && (
            <div className={styles.options}>
              <Options completion={completion} label={texts.complete.suggestions} />
            </div>
          )}
          <SearchPanel
            text={text}
            problem={problem}
            custom={terms.filter(({ field }) => field.startsWith('"customMetadata.'))}
            everywhere={folder === "/" ? undefined : state.everywhere === true}
            onEverywhere={(everywhere) => onChange({ everywhere: everywhere ? true : undefined })}
            onQuery={(query) => {
              setText(query);
              search(query);
            }}
            onBegin={write}
          />
        </div>
      )}
    </search>
  );
}
