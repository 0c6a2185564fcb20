import { Button, Chip, Group, Input, Select, TextInput } from "@mantine/core";
import { parameterRanges } from "@sluice/grammar";
import { texts } from "../texts/texts.ts";
import type { Control, ControlKey } from "./controls.ts";
import styles from "./playground-page.module.css";
import { useProblemOf } from "./problem-context.ts";
import { type Step, valueIn, withValue } from "./steps.ts";

const words = texts.playground;

interface FieldProps {
  readonly control: Control;
  readonly step: Step;
  readonly onChange: (step: Step) => void;
}

/** Sets one parameter of a step. What the server says against its value stands beneath. */
export function ControlField({ control, step, onChange }: FieldProps) {
  const { key } = control;
  const value = valueIn(step, key);
  const label = words.controls[key as ControlKey];
  const problem = useProblemOf(value === undefined ? "" : value === "" ? key : `${key}-${value}`);
  const set = (text: string | undefined) => onChange(withValue(step, key, text === "" ? undefined : text));
  const common = { size: "xs", label, error: problem } as const;
  switch (control.kind) {
    case "number":
      return (
        <TextInput
          {...common}
          // An expression such as iw_div_2 is no number.
          type={/^[\d.]*$/.test(value ?? "") ? "number" : "text"}
          min={parameterRanges[control.key].min}
          max={parameterRanges[control.key].max}
          value={value ?? ""}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        />
      );
    case "offset":
      return (
        <TextInput
          {...common}
          value={(value ?? "").replace(/^N(?=\d)/, "-")}
          onChange={({ currentTarget }) => set(currentTarget.value.replace(/^[-−]/, "N"))}
        />
      );
    case "text":
      return (
        <TextInput
          {...common}
          value={value ?? ""}
          spellCheck={false}
          onChange={({ currentTarget }) => set(currentTarget.value.replaceAll(" ", "%20"))}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={[...control.options, ...(value && !control.options.includes(value) ? [value] : [])]}
          value={value ?? null}
          clearable
          clearButtonProps={{ "aria-label": words.clear(label) }}
          onChange={(chosen) => set(chosen ?? undefined)}
        />
      );
    case "words":
      return (
        <Input.Wrapper {...common} labelElement="div">
          <Chip.Group
            multiple
            value={(value ?? "").split("_").filter(Boolean)}
            onChange={(chosen) => set(control.options.filter((option) => chosen.includes(option)).join("_"))}
          >
            <Group gap={4} role="group" aria-label={label}>
              {control.options.map((option) => (
                <Chip key={option} size="xs" variant="light" value={option}>
                  {words.typography[option as keyof typeof words.typography]}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
      );
    case "flag": {
      const isOn = value !== undefined;
      return (
        <Button
          size="xs"
          variant={isOn ? "filled" : "default"}
          aria-pressed={isOn}
          className={styles.flag ?? ""}
          onClick={() => onChange(withValue(step, key, isOn ? undefined : ""))}
        >
          {label}
        </Button>
      );
    }
    case "colour": {
      const hex = /^[\dA-Fa-f]{6}/.exec(value ?? "")?.[0];
      // A colour may be named, and hex may be followed by an opacity: such values are kept until another is chosen.
      return (
        <TextInput
          {...common}
          type="color"
          description={value !== undefined && hex !== value ? value : undefined}
          value={`#${hex ?? control.standard}`}
          onChange={({ currentTarget }) => set(currentTarget.value.slice(1).toUpperCase())}
        />
      );
    }
  }
}
