import { TextInput } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import { ControlFields } from "./control-fields.tsx";
import { controls } from "./controls.ts";
import styles from "./playground-page.module.css";
import { useProblemOf } from "./problem-context.ts";
import { type Piece, type Step, stepsIn, textOf, textOfPiece } from "./steps.ts";

const words = texts.playground;

/** The kind of picture that the parameters of a step work on. */
export type StepKind = Exclude<keyof typeof controls, "placement">;

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
  return (
    <div className={styles.controls}>
      <ControlFields controls={controls[kind]} step={step} onChange={onChange} />
      {others.length > 0 && (
        <TextInput
          size="xs"
          className={styles.others ?? ""}
          label={words.others}
          error={problem}
          value={textOf([others])}
          spellCheck={false}
          onChange={({ currentTarget }) => {
            const typed = stepsIn(currentTarget.value.replace(/[\s:]/g, "")).flat();
            const at = step.findIndex(isOther);
            const rest = step.filter((piece) => !isOther(piece));
            onChange([...rest.slice(0, at), ...typed, ...rest.slice(at)]);
          }}
        />
      )}
    </div>
  );
}
