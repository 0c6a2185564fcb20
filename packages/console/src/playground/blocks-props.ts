import type { Step } from "./steps.ts";

/** Properties of the component that shows the layers and conditions of a step. */
export interface BlocksProps {
  readonly step: Step;
  /** The number of layers around the step. */
  readonly depth: number;
  readonly onChange: (step: Step) => void;
}
