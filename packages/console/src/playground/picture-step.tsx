import { memo, use, useMemo, useRef } from "react";
import { texts } from "../texts/texts.ts";
import { BlockCards } from "./block-cards.tsx";
import { MediumContext } from "./medium-context.ts";
import { StepCard } from "./step-card.tsx";
import { moved, replaced, type Step, textOf, without } from "./steps.ts";

/** Changes of the steps of the picture, or of the video. */
export interface StepActs {
  change(index: number, step: Step): void;
  move(index: number, to: number): void;
  remove(index: number): void;
}

/** The acts are the same ones for as long as the page is shown, and change the newest steps. */
export function useStepActs(steps: readonly Step[], setSteps: (steps: readonly Step[]) => void): StepActs {
  const newest = useRef({ steps, setSteps });
  newest.current = { steps, setSteps };
  return useMemo(() => {
    const set = (change: (steps: readonly Step[]) => readonly Step[]) =>
      newest.current.setSteps(change(newest.current.steps));
    return {
      change: (index, step) => set((before) => replaced(before, index, step)),
      move: (index, to) => set((before) => moved(before, index, to)),
      remove: (index) => set((before) => without(before, index)),
    };
  }, []);
}

interface PictureStepProps {
  readonly index: number;
  readonly isOnly: boolean;
  readonly isLast: boolean;
  /** The id of the list of steps. */
  readonly list: string;
  readonly step: Step;
  readonly acts: StepActs;
}

/** The card of a step of the picture. It is drawn again when its own text changes, and not with each key in another step. */
export const PictureStep = memo(function PictureStep({ index, isOnly, isLast, list, step, acts }: PictureStepProps) {
  const change = (changed: Step) => acts.change(index, changed);
  const medium = use(MediumContext);
  return (
    <StepCard
      title={texts.playground.step(index + 1)}
      step={step}
      kind={medium}
      place={{
        index,
        list,
        isOnly,
        isLast,
        onMove: (to) => acts.move(index, to),
        onRemove: isOnly ? undefined : () => acts.remove(index),
      }}
      onChange={change}
    >
      <BlockCards step={step} depth={0} onChange={change} />
    </StepCard>
  );
}, isSame);

/** The steps are read anew from each text, so they are compared as texts. */
function isSame({ step, ...one }: PictureStepProps, { step: otherStep, ...other }: PictureStepProps): boolean {
  const hasSamePlace = one.index === other.index && one.isOnly === other.isOnly && one.isLast === other.isLast;
  return hasSamePlace && one.list === other.list && one.acts === other.acts && textOf([step]) === textOf([otherStep]);
}
