import { Button, NativeSelect, Switch, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useId, useState } from "react";
import { asProblem } from "../api/problem.ts";
import { texts } from "../texts/texts.ts";
import styles from "./delivery.module.css";
import { type ControlOf, controls, type Switches, type SwitchName } from "./delivery-groups.ts";

type Value = Switches[SwitchName];

interface ControlProps {
  readonly name: SwitchName;
  readonly value: Value;
  readonly standard: Value;
  /** Changes the switch. What it throws is shown here. */
  readonly onSet: (value: Value) => Promise<void>;
}

const words = texts.settings.delivery;

/** One switch, with what it means for visitors as it stands. */
export function DeliveryControl({ name, value, standard, onSet }: ControlProps) {
  const [problem, setProblem] = useState<string>();
  const effectId = useId();
  const { label, effects } = words.switches[name];
  const control: ControlOf = controls[name];

  async function set(next: Value): Promise<void> {
    setProblem(undefined);
    await onSet(next).catch((error: unknown) => {
      const { message, help } = asProblem(error);
      setProblem(help ?? message);
    });
  }

  const shared = { label, error: problem, "aria-describedby": effectId };
  return (
    <div className={styles.switch}>
      {control.kind === "flag" && (
        <Switch
          {...shared}
          checked={value === true}
          onChange={({ currentTarget }) => void set(currentTarget.checked)}
        />
      )}
      {control.kind === "choice" && (
        <NativeSelect
          {...shared}
          value={String(value)}
          data={control.values.map((each) => ({ value: each, label: choiceOf(each) }))}
          onChange={({ currentTarget }) => void set(currentTarget.value as Value)}
        />
      )}
      {control.kind === "number" && (
        <Written text={String(value)} onSave={(text) => set(text === "" ? standard : Number(text))}>
          {(field) => <TextInput {...shared} {...field} type="number" min={control.min} max={control.max} />}
        </Written>
      )}
      {control.kind === "list" && (
        <Written text={(value as readonly string[]).join("\n")} onSave={(text) => set(linesIn(text))}>
          {(field) => <Textarea {...shared} {...field} autosize minRows={2} maxRows={10} spellCheck={false} />}
        </Written>
      )}
      <p className={styles.effect} id={effectId}>
        {effectOf(effects, value)} {isSame(value, standard) ? "" : words.standard(shown(standard))}
      </p>
    </div>
  );
}

interface WrittenProps {
  readonly text: string;
  readonly onSave: (text: string) => Promise<void>;
  readonly children: (field: {
    readonly value: string;
    readonly onChange: (event: { readonly currentTarget: { readonly value: string } }) => void;
  }) => React.ReactNode;
}

/** A field that is written first and saved then. */
function Written({ text, onSave, children }: WrittenProps) {
  const [written, setWritten] = useState(text);
  const [stored, setStored] = useState(text);
  // A value that has come from elsewhere replaces what is being written.
  if (stored !== text) {
    setStored(text);
    setWritten(text);
  }
  const save = (event: FormEvent) => {
    event.preventDefault();
    void onSave(written.trim());
  };
  return (
    <form className={styles.line} onSubmit={save}>
      {children({ value: written, onChange: ({ currentTarget }) => setWritten(currentTarget.value) })}
      <Button type="submit" variant="default" disabled={written === text}>
        {texts.details.save}
      </Button>
    </form>
  );
}

type Effects = Readonly<Record<string, string>>;

function effectOf(effects: Effects, value: Value): string {
  const key = Array.isArray(value) ? (value.length === 0 ? "empty" : "listed") : String(value);
  return effects[key] ?? effects.any ?? "";
}

function linesIn(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function choiceOf(value: string): string {
  return words.choices[value as keyof typeof words.choices] ?? value;
}

function shown(value: Value): string {
  if (typeof value === "boolean") return value ? words.on : words.off;
  if (typeof value === "object") return words.everybody;
  return choiceOf(String(value));
}

function isSame(one: Value, other: Value): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
