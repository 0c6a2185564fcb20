import { TextInput, type TextInputProps } from "@mantine/core";
import { texts } from "../texts/texts.ts";
import { CardHead, type CardPlace } from "./card-head.tsx";
import styles from "./playground-page.module.css";
import { useProblemOf } from "./problem-context.ts";
import { type Condition, type Step, stepsIn, textOf, textOfPiece } from "./steps.ts";

const words = texts.playground.condition;

interface ConditionCardProps {
  readonly condition: Condition;
  readonly place: CardPlace;
  readonly onChange: (condition: Condition) => void;
}

/** Steps that depend on the picture, with their test. They are typed, and keep their text. */
export function ConditionCard({ condition, place, onChange }: ConditionCardProps) {
  const { test, whenTrue, whenFalse } = condition;
  const [testProblem, trueProblem, falseProblem] = [
    useProblemOf(test, `if-${test}`),
    useProblemOf(...partsOf(whenTrue)),
    useProblemOf(...partsOf(whenFalse ?? [])),
  ];
  return (
    <div role="group" className={styles.layer} aria-label={words.title}>
      <CardHead title={words.title} place={place} />
      <Field
        label={words.test}
        description={words.testHelp}
        error={testProblem}
        value={test}
        onText={(text) => onChange({ ...condition, test: text })}
      />
      <Field
        label={words.whenTrue}
        error={trueProblem}
        value={textOf(whenTrue)}
        onText={(text) => onChange({ ...condition, whenTrue: stepsIn(text) })}
      />
      <Field
        label={words.whenFalse}
        description={words.whenFalseHelp}
        error={falseProblem}
        value={textOf(whenFalse ?? [])}
        onText={(text) => onChange({ ...condition, whenFalse: text === "" ? undefined : stepsIn(text) })}
      />
    </div>
  );
}

function Field({ onText, ...input }: TextInputProps & { readonly onText: (text: string) => void }) {
  const change = (text: string) => onText(text.replace(/\s/g, ""));
  return (
    <TextInput size="xs" spellCheck={false} onChange={({ currentTarget }) => change(currentTarget.value)} {...input} />
  );
}

function partsOf(steps: readonly Step[]): readonly string[] {
  return steps.flat().map(textOfPiece);
}
