import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { texts } from "../texts/texts.ts";
import { ControlField } from "./control-field.tsx";
import { type Control, essentials } from "./controls.ts";
import styles from "./playground-page.module.css";
import { type Step, valueIn } from "./steps.ts";

interface FieldsProps {
  readonly controls: readonly Control[];
  readonly step: Step;
  readonly onChange: (step: Step) => void;
}

/** The controls that most people need, those that have a value, and the others when they are asked for. */
export function ControlFields({ controls, step, onChange }: FieldsProps) {
  const [isWhole, setWhole] = useState(false);
  // A field stays where somebody empties it.
  const used = useRef(new Set<string>());
  for (const { key } of controls) if (valueIn(step, key) !== undefined) used.current.add(key);
  const shown = controls.filter(({ key }) => isWhole || essentials.has(key) || used.current.has(key));
  return (
    <>
      {shown.map((control) => (
        <ControlField key={control.key} control={control} step={step} onChange={onChange} />
      ))}
      {shown.length < controls.length && (
        <Button size="compact-xs" variant="subtle" className={styles.more ?? ""} onClick={() => setWhole(true)}>
          {texts.playground.moreControls}
        </Button>
      )}
    </>
  );
}
