import { Button, Select, TextInput } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import type { Control } from "./controls.ts";
import styles from "./playground-page.module.css";
import { type Step, valueIn, withValue } from "./steps.ts";

const words = texts.playground;

interface FieldProps {
  readonly control: Control;
  readonly step: Step;
  readonly onChange: (step: Step) => void;
}

/** Sets one parameter of a step. */
export function ControlField({ control, step, onChange }: FieldProps) {
  const value = valueIn(step, control.key);
  const label = words.controls[control.key as keyof typeof words.controls];
  const set = (text: string | undefined) => onChange(withValue(step, control.key, text === "" ? undefined : text));
  switch (control.kind) {
    case "number":
      return (
        <TextInput
          size="xs"
          type="number"
          label={label}
          min={control.min}
          max={control.max}
          value={value ?? ""}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        />
      );
    case "choice":
      return (
        <Select
          size="xs"
          label={label}
          data={[...control.options]}
          value={value ?? null}
          clearable
          onChange={(chosen) => set(chosen ?? undefined)}
        />
      );
    case "flag": {
      const [key = "", effect = ""] = control.key.split("-");
      const isOn = step.some(([other, given]) => other === key && given === effect);
      const rest = step.filter(([other, given]) => !(other === key && given === effect));
      return (
        <Button
          size="xs"
          variant={isOn ? "filled" : "default"}
          aria-pressed={isOn}
          className={styles.flag ?? ""}
          onClick={() => onChange(isOn ? rest : [...step, [key, effect]])}
        >
          {label}
        </Button>
      );
    }
    case "colour":
      return (
        <TextInput
          size="xs"
          type="color"
          label={label}
          value={`#${(value ?? "FFFFFF").slice(0, 6)}`}
          onChange={({ currentTarget }) => set(currentTarget.value.slice(1).toUpperCase())}
        />
      );
  }
}
