import { Pill, PillsInput } from "@mantine/core";
import { useState } from "react";
import { texts } from "../texts/texts.ts";
import { Options } from "./options.tsx";
import styles from "./tag-field.module.css";
import { useCompletion } from "./use-completion.ts";
import { useTags } from "./use-tags.ts";

interface TagFieldProps {
  readonly label: string;
  readonly tags: readonly string[];
  /** Takes tags that have been typed or picked. Where they are refused, `putBack` writes them into the field again. */
  readonly onAdd: (tags: readonly string[], putBack: () => void) => void;
  readonly onRemove: (tag: string) => void;
  readonly isFirst?: boolean;
}

/** Tags, and a field that completes further ones from those of the library. */
export function TagField({ label, tags, onAdd, onRemove, isFirst = false }: TagFieldProps) {
  const [text, setText] = useState("");
  const [isFocused, setFocused] = useState(false);
  const typed = text.trim();
  const known = useTags(typed, isFocused && typed !== "");
  const options = known.filter((tag) => tag !== typed && !tags.includes(tag)).map((tag) => ({ key: tag, label: tag }));
  const completion = useCompletion(text, isFocused && typed !== "" ? options : [], ({ label: tag }) => add(tag));

  function add(given: string): void {
    setText("");
    const added = given
      .split(",")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "" && !tags.includes(tag));
    if (added.length > 0) onAdd([...new Set(added)], () => setText((now) => now || given));
  }

  return (
    <div className={styles.field}>
      <PillsInput>
        <Pill.Group>
          {tags.map((tag) => (
            <Pill
              key={tag}
              withRemoveButton
              onRemove={() => onRemove(tag)}
              removeButtonProps={{ "aria-label": texts.details.removeTag(tag), "aria-hidden": false }}
            >
              {tag}
            </Pill>
          ))}
          <PillsInput.Field
            aria-label={label}
            placeholder={label}
            value={text}
            data-autofocus={isFirst || undefined}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              setFocused(false);
              add(text);
            }}
            {...completion.fieldProps}
            // Escape closes the list then, and not the dialog around it.
            data-mantine-stop-propagation={completion.options.length > 0 || undefined}
            onKeyDown={(event) => {
              // A key that ends a composition is for the input method.
              if (completion.takeKey(event) || event.nativeEvent.isComposing) return;
              const last = tags.at(-1);
              // Who holds the key down to empty the field removes no tag by it.
              if (event.key === "Backspace" && !event.repeat && text === "" && last !== undefined) onRemove(last);
              const isEnd = (event.key === "Enter" && typed !== "") || event.key === ",";
              if (!isEnd) return;
              event.preventDefault();
              add(text);
            }}
          />
        </Pill.Group>
      </PillsInput>
      {completion.options.length > 0 && (
        <div className={styles.popup} ref={(popup) => popup?.scrollIntoView({ block: "nearest" })}>
          <Options completion={completion} label={texts.complete.suggestions} />
        </div>
      )}
    </div>
  );
}
