import { Button, Checkbox, Group, Radio, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { useTags } from "../complete/use-tags.ts";
import { texts } from "../texts/texts.ts";
import type { Range } from "./custom-filters.ts";
import styles from "./filter-bar.module.css";

const words = texts.search;

interface Option {
  readonly label: string;
  /** As it stands in the query. */
  readonly text: string;
}

interface OneOfProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly chosen: string | undefined;
  readonly onChange: (chosen: string | undefined) => void;
  readonly onClose: () => void;
}

/** Options of which one is chosen, or none. A click ends the choice; arrow keys go on to the next option. */
export function OneOf({ label, options, chosen, onChange, onClose }: OneOfProps) {
  const isPointed = useRef(false);
  return (
    <Radio.Group
      aria-label={label}
      value={chosen ?? ""}
      onChange={(value) => {
        if (isPointed.current) onClose();
        onChange(value === "" ? undefined : value);
      }}
    >
      <Stack
        gap={2}
        onPointerDown={() => {
          isPointed.current = true;
        }}
        onKeyDown={({ key }) => {
          isPointed.current = false;
          if (key === "Enter") onClose();
        }}
      >
        {[{ label: words.any, text: "" }, ...options].map((option) => (
          <Radio
            key={option.text}
            value={option.text}
            label={option.label}
            size="xs"
            className={styles.option}
            data-autofocus={option.text === (chosen ?? "") || undefined}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

interface SeveralOfProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Options of which any number are chosen. */
export function SeveralOf({ label, options, chosen, onChange }: SeveralOfProps) {
  return (
    <Checkbox.Group aria-label={label} value={[...chosen]} onChange={onChange}>
      <Stack gap={2} className={styles.options}>
        {options.map(({ label: name, text }) => (
          <Checkbox key={text} value={text} label={name} size="xs" className={styles.option} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

/** More tags than this are found by their first letters. */
const maxTags = 20;

interface TagsProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** The library's tags, which are found by typing. */
export function TagsFilter({ chosen, onChange }: TagsProps) {
  const [typed, setTyped] = useState("");
  const found = useTags(typed.trim(), true, maxTags);
  const listed = [...chosen, ...found.filter((tag) => !chosen.includes(tag))];
  return (
    <>
      <TextInput
        aria-label={words.findTag}
        placeholder={words.findTag}
        size="xs"
        mb="xs"
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        autoComplete="off"
        data-autofocus
      />
      <SeveralOf
        label={words.groups.tags}
        options={listed.map((tag) => ({ label: tag, text: tag }))}
        chosen={chosen}
        onChange={onChange}
      />
      {listed.length === 0 && <p className={styles.none}>{words.noTags}</p>}
    </>
  );
}

interface FormProps {
  readonly isOn: boolean;
  readonly onApply: () => void;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

function FilterForm({ isOn, onApply, onClear, children }: FormProps) {
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onApply();
      }}
    >
      {children}
      <Group justify="flex-end" gap="xs" mt="sm">
        {isOn && (
          <Button size="compact-sm" variant="subtle" onClick={onClear}>
            {words.clear}
          </Button>
        )}
        <Button type="submit" size="compact-sm">
          {words.apply}
        </Button>
      </Group>
    </form>
  );
}

interface RangeProps {
  readonly type: "number" | "date";
  readonly range: Range;
  readonly onChange: (range: Range) => void;
}

const bounds = {
  number: { from: words.min, to: words.max },
  date: { from: words.from, to: words.to },
} as const;

/** Two bounds, of which one is enough. */
export function RangeFilter({ type, range, onChange }: RangeProps) {
  const [typed, setTyped] = useState(range);
  return (
    <FilterForm
      isOn={range.from !== "" || range.to !== ""}
      onApply={() => onChange(typed)}
      onClear={() => onChange({ from: "", to: "" })}
    >
      <Group gap="xs" wrap="nowrap" align="flex-end">
        {(["from", "to"] as const).map((bound) => (
          <TextInput
            key={bound}
            type={type}
            {...(type === "number" && { step: "any" })}
            label={bounds[type][bound]}
            size="xs"
            className={styles.bound}
            value={typed[bound]}
            onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [bound]: value })}
            data-autofocus={bound === "from" || undefined}
          />
        ))}
      </Group>
    </FilterForm>
  );
}

interface WordsProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Words that a text has to have. */
export function WordsFilter({ value, onChange }: WordsProps) {
  const [typed, setTyped] = useState(value);
  return (
    <FilterForm isOn={value !== ""} onApply={() => onChange(typed)} onClear={() => onChange("")}>
      <TextInput
        label={words.contains}
        size="xs"
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        data-autofocus
      />
    </FilterForm>
  );
}
