import type { ReactNode } from "react";
import { CardHead } from "./card-head.tsx";
import type { CardPlace } from "./card-place.ts";
import styles from "./playground-page.module.css";
import { StepFields, type StepKind } from "./step-fields.tsx";
import type { Step } from "./steps.ts";

interface StepCardProps {
  readonly title: string;
  readonly step: Step;
  readonly kind: StepKind;
  readonly place: CardPlace;
  readonly onChange: (step: Step) => void;
  /** The cards of the step's layers. */
  readonly children: ReactNode;
}

/** One step of a transformation: its controls, its other parameters as text, and its layers as cards. */
export function StepCard({ title, step, kind, place, onChange, children }: StepCardProps) {
  return (
    <div role="group" className={styles.step} aria-label={title} data-list={place.list}>
      <CardHead title={title} place={place} />
      <StepFields step={step} kind={kind} known={[]} onChange={onChange} />
      {children}
    </div>
  );
}
