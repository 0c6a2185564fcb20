import { texts } from "../texts/texts.ts";
import { CardHead } from "./card-head.tsx";
import type { CardPlace } from "./card-place.ts";
import styles from "./playground-page.module.css";
import { useProblemOf } from "./problem-context.ts";
import { type Condition, type Step, textOf, textOfPiece } from "./steps.ts";
import { TypedField } from "./typed-field.tsx";
import { wholeStepsIn } from "./typed-steps.ts";

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
  const setTest = (text: string) => {
    if (/[,:]/.test(text)) return undefined;
    onChange({ ...condition, test: text });
    return text;
  };
  const setBranch = (text: string, change: (steps: readonly Step[]) => Partial<Condition>) => {
    const steps = wholeStepsIn(text);
    if (steps === undefined) return undefined;
    onChange({ ...condition, ...change(steps) });
    return textOf(steps);
  };
  return (
    <div role="group" className={styles.layer} aria-label={words.title} data-list={place.list}>
      <CardHead title={words.title} place={place} />
      <TypedField
        label={words.test}
        description={words.testHelp}
        problem={testProblem}
        unreadable={words.testUnreadable}
        value={test}
        onText={setTest}
      />
      <TypedField
        label={words.whenTrue}
        problem={trueProblem}
        unreadable={words.branchUnreadable}
        value={textOf(whenTrue)}
        onText={(text) => setBranch(text, (steps) => ({ whenTrue: steps }))}
      />
      <TypedField
        label={words.whenFalse}
        description={words.whenFalseHelp}
        problem={falseProblem}
        unreadable={words.branchUnreadable}
        value={textOf(whenFalse ?? [])}
        onText={(text) => setBranch(text, (steps) => ({ whenFalse: steps.length === 0 ? undefined : steps }))}
      />
    </div>
  );
}

function partsOf(steps: readonly Step[]): readonly string[] {
  return steps.flat().map(textOfPiece);
}
