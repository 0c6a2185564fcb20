import { useRef } from "react";
import { texts } from "../texts/texts.ts";
import { ControlFields } from "./control-fields.tsx";
import { controls } from "./controls.ts";
import styles from "./playground-page.module.css";
import { useProblemOf } from "./problem-context.ts";
import { type Piece, type Step, textOf, textOfPiece } from "./steps.ts";
import { TypedField } from "./typed-field.tsx";
import { wholeStepIn, withOthers, withTyped } from "./typed-steps.ts";

const words = texts.playground;

/** What the parameters of a step work on. */
export type StepKind = Exclude<keyof typeof controls, "placement" | "timing">;

interface FieldsProps {
  readonly step: Step;
  readonly kind: StepKind;
  /** Keys that have a place elsewhere. */
  readonly known: readonly string[];
  readonly onChange: (step: Step) => void;
}

/** The controls of a step, and a field for the parameters that have none. */
export function StepFields({ step, kind, known, onChange }: FieldsProps) {
  const keys = new Set<string>([...known, ...controls[kind].map(({ key }) => key)]);
  const isOther = (piece: Piece) => piece.kind === "parameter" && !keys.has(piece.key);
  const others = step.filter(isOther);
  const problem = useProblemOf(
    ...others.flatMap((piece) => [textOfPiece(piece), piece.kind === "parameter" ? piece.key : ""]),
  );
  const value = textOf([others]);
  // The field stays where somebody empties it.
  const hadOthers = useRef(false);
  if (others.length > 0) hadOthers.current = true;
  const set = (text: string) => {
    const typed = wholeStepIn(text);
    if (typed === undefined) return undefined;
    const next = withOthers(step, typed.filter(isOther), isOther);
    // A step without parameters is none: its card would go while somebody types in it.
    if (next.length === 0) return value;
    onChange(next);
    return textOf([typed.filter(isOther)]);
  };
  // The start of a key may be the key of a control, so that those wait for the whole text.
  const setAll = (text: string) => onChange(withTyped(step, wholeStepIn(text) ?? [], isOther));
  return (
    <div className={styles.controls}>
      <ControlFields controls={controls[kind]} step={step} onChange={onChange} />
      {hadOthers.current && (
        <TypedField
          className={styles.others ?? ""}
          label={words.others}
          problem={problem}
          unreadable={words.othersUnreadable}
          value={value}
          onText={set}
          onLeave={setAll}
        />
      )}
    </div>
  );
}
