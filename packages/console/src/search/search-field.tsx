import { ActionIcon, CloseButton, Group, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Search, SlidersHorizontal } from "lucide-react";
import { type FormEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Options } from "../complete/options.tsx";
import { useCompletion } from "../complete/use-completion.ts";
import { useTags } from "../complete/use-tags.ts";
import { texts } from "../texts/texts.ts";
import { optionsAt, placeIn, type QueryOption } from "./complete-query.ts";
import styles from "./search-field.module.css";
import type { QueryProblem } from "./search-query.ts";
import type { Term } from "./search-terms.ts";

interface FieldProps {
  readonly text: string;
  readonly terms: readonly Term[];
  readonly problem: QueryProblem | undefined;
  /** Whether the filters are shown, and the id of their bar. */
  readonly filters: { readonly id: string; readonly isShown: boolean; readonly toggle: () => void };
  readonly onText: (text: string) => void;
  readonly onSearch: (query: string) => void;
  readonly onFocus: () => void;
}

const words = texts.search;

/** One field for plain words and for queries, which completes what is typed. */
export function SearchField({ text, terms, problem, filters, onText, onSearch, onFocus }: FieldProps) {
  const [isOpen, setOpen] = useState(false);
  /** The place of the caret while something is typed; undefined while nothing is. */
  const [caret, setCaret] = useState<number>();
  const input = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => input.current?.focus()]]);
  // The place of the mistake is selected, so that it is seen and can be typed over.
  useEffect(() => {
    if (problem !== undefined && document.activeElement === input.current)
      input.current?.setSelectionRange(problem.position, problem.position + 1);
  }, [problem]);

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
    onText(before + after);
    setCaret(before.length);
    wantedCaret.current = before.length;
  }

  function search(query: string): void {
    setCaret(undefined);
    onSearch(query);
  }

  /** Empties the field too: a text that nobody has searched for is in no URL that would empty it. */
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
      onFocus={() => {
        setOpen(true);
        onFocus();
      }}
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
            onText(currentTarget.value);
            setCaret(currentTarget.selectionStart ?? currentTarget.value.length);
          }}
          leftSection={<Search size={16} aria-hidden />}
          rightSection={
            <Group gap={2} wrap="nowrap" justify="flex-end" className={styles.buttons ?? ""}>
              {text !== "" && <CloseButton size="sm" aria-label={texts.library.clearSearch} onClick={clear} />}
              <ActionIcon
                variant={filters.isShown ? "light" : "subtle"}
                size="sm"
                aria-label={words.filters}
                title={words.filters}
                aria-expanded={filters.isShown}
                aria-controls={filters.isShown ? filters.id : undefined}
                onClick={filters.toggle}
              >
                <SlidersHorizontal size={16} />
              </ActionIcon>
            </Group>
          }
          rightSectionWidth={text === "" ? 36 : 62}
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
      {problem && (
        <span id="search-problem" className="unseen" role="alert">
          {words.mistake(problem.position + 1, problem.problem)}
        </span>
      )}
      {isOpen && completion.options.length > 0 && (
        <div className={styles.popup}>
          <Options completion={completion} label={texts.complete.suggestions} />
        </div>
      )}
    </search>
  );
}
