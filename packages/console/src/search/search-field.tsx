import { CloseButton, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Search } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSession } from "../door/session.ts";
import type { LibraryState } from "../library/library-state.ts";
import { texts } from "../texts/texts.ts";
import { filterOf, filters, toggleFilter } from "./filters.ts";
import styles from "./search-field.module.css";
import type { QueryProblem } from "./search-query.ts";

interface SearchProps {
  readonly folder: string;
  readonly state: LibraryState;
  readonly problem: QueryProblem | undefined;
  readonly onChange: (change: Partial<Record<keyof LibraryState, string | boolean | undefined>>) => void;
}

const words = texts.search;

/** One field for plain words and for queries. Filters write the query. */
export function SearchField({ folder, state, problem, onChange }: SearchProps) {
  const { account } = useSession();
  const [text, setText] = useState(state.q ?? "");
  const [isOpen, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(state.q ?? ""), [state.q]);
  useHotkeys([["/", () => input.current?.focus()]]);
  // The place of the mistake is selected, so that it is seen and can be typed over.
  useEffect(() => {
    if (problem !== undefined && document.activeElement === input.current)
      input.current?.setSelectionRange(problem.position, problem.position + 1);
  }, [problem]);

  function search(query: string): void {
    const q = query.trim();
    const others = { similar: undefined, duplicates: undefined, file: undefined };
    onChange({ ...others, q: q === "" ? undefined : q, everywhere: q === "" ? undefined : state.everywhere });
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
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
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
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          leftSection={<Search size={16} aria-hidden />}
          rightSection={
            text !== "" && <CloseButton size="sm" aria-label={texts.library.clearSearch} onClick={() => search("")} />
          }
          error={problem !== undefined}
          aria-describedby={problem && "search-problem"}
        />
      </form>
      {isOpen && (
        <div className={styles.panel} role="group" aria-label={words.filters}>
          {problem && (
            <p id="search-problem" className={styles.problem} role="alert">
              {words.mistake(problem.position + 1, problem.problem)}
            </p>
          )}
          {filters.map(({ name, condition }) => {
            const isOn = filterOf(text, condition);
            return (
              <button
                key={name}
                type="button"
                className={styles.chip}
                aria-pressed={isOn}
                onClick={() => {
                  const query = toggleFilter(text, condition);
                  setText(query);
                  search(query);
                }}
              >
                {words[name]}
              </button>
            );
          })}
          {folder !== "/" && (
            <button
              type="button"
              className={styles.chip}
              aria-pressed={state.everywhere === true}
              onClick={() => onChange({ everywhere: state.everywhere ? undefined : true })}
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
      )}
    </search>
  );
}
