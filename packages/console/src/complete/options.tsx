import { useEffect, useRef } from "react";
import styles from "./options.module.css";
import { type Completion, type Option, optionId } from "./use-completion.ts";

interface OptionsProps<Picked extends Option> {
  readonly completion: Completion<Picked>;
  readonly label: string;
}

/** The list of options below a field. The focus stays in the field. */
export function Options<Picked extends Option>({ completion, label }: OptionsProps<Picked>) {
  const { listId, options, active, pick } = completion;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  if (options.length === 0) return null;
  return (
    <div ref={list} id={listId} role="listbox" aria-label={label} className={styles.list}>
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and takes the keys of the list
        <div
          key={option.key}
          id={optionId(listId, index)}
          role="option"
          aria-selected={index === active}
          className={styles.option}
          // The field keeps the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => pick(option)}
        >
          <span className={styles.label}>{option.label}</span>
          {option.hint !== undefined && <span className={styles.hint}>{option.hint}</span>}
        </div>
      ))}
    </div>
  );
}
