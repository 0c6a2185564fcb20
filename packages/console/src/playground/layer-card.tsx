import { Button, Textarea, TextInput } from "@mantine/core";
import { Image, Plus } from "lucide-react";
import { type ComponentType, use, useId } from "react";
import { texts } from "../texts/texts.ts";
import type { BlocksProps } from "./blocks-props.ts";
import { CardHead } from "./card-head.tsx";
import type { CardPlace } from "./card-place.ts";
import { ChoosePicture } from "./choose-picture.tsx";
import { ControlFields } from "./control-fields.tsx";
import { controls } from "./controls.ts";
import { contentOf, kindOfLayer, pathIn, withPath, withText } from "./layer-content.ts";
import { MediumContext } from "./medium-context.ts";
import styles from "./playground-page.module.css";
import { useProblemOf } from "./problem-context.ts";
import { StepCard } from "./step-card.tsx";
import { StepFields } from "./step-fields.tsx";
import { type Layer, moved, replaced, type Step, stepsIn, without } from "./steps.ts";

const words = texts.playground;
const placementKeys = [...controls.placement, ...controls.mixing, ...controls.timing].map(({ key }) => key);

interface LayerCardProps {
  readonly layer: Layer;
  readonly depth: number;
  readonly place: CardPlace;
  readonly onChange: (layer: Layer) => void;
  /** Shows the layers of the layer's steps. */
  readonly Blocks: ComponentType<BlocksProps>;
}

/** A picture, a text or a colour that is drawn over the picture. Its own steps and layers are cards in it. */
export function LayerCard({ layer, depth, place, onChange, Blocks }: LayerCardProps) {
  const kind = kindOfLayer(layer);
  const title = words.layers[kind];
  const steps: readonly Step[] = layer.steps.length === 0 ? [[]] : layer.steps;
  const [first = [], ...more] = steps;
  const setSteps = (next: readonly Step[]) => onChange({ ...layer, steps: next });
  const setFirst = (next: Step) => setSteps([next, ...more]);
  const problem = useProblemOf(layer.type);
  const list = useId();
  const medium = use(MediumContext);
  return (
    <div role="group" className={styles.layer} aria-label={title} data-list={place.list}>
      <CardHead title={title} place={place} />
      {kind === "text" && (
        <Textarea
          size="xs"
          autosize
          label={words.layers.content}
          error={problem}
          value={contentOf(steps)}
          onChange={({ currentTarget }) => setSteps(withText(steps, currentTarget.value))}
        />
      )}
      {(kind === "image" || kind === "other") && (
        <PicturePath steps={steps} problem={problem} onChange={setSteps} hasDialog={kind === "image"} />
      )}
      <StepFields step={first} kind={kind} known={["i", "ie", ...placementKeys]} onChange={setFirst} />
      <div className={styles.controls} role="group" aria-label={words.placement}>
        <ControlFields controls={controls.placement} step={first} onChange={setFirst} />
        {medium === "picture" && <ControlFields controls={controls.mixing} step={first} onChange={setFirst} />}
      </div>
      {medium === "video" && (
        <div className={styles.controls} role="group" aria-label={words.timing}>
          <ControlFields controls={controls.timing} step={first} onChange={setFirst} />
        </div>
      )}
      <Blocks step={first} depth={depth} onChange={setFirst} />
      {more.map((step, index) => (
        <StepCard
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
          key={index}
          title={words.layerStep(index + 2)}
          step={step}
          kind={kind}
          place={{
            index,
            list,
            isOnly: more.length === 1,
            isLast: index === more.length - 1,
            onMove: (to) => setSteps([first, ...moved(more, index, to)]),
            onRemove: () => setSteps([first, ...without(more, index)]),
          }}
          onChange={(next) => setSteps([first, ...replaced(more, index, next)])}
        >
          <Blocks step={step} depth={depth} onChange={(next) => setSteps([first, ...replaced(more, index, next)])} />
        </StepCard>
      ))}
      {kind === "image" && (
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<Plus size={14} />}
          className={styles.add ?? ""}
          onClick={() => setSteps([...steps, ...stepsIn("rt-90")])}
        >
          {words.addStep}
        </Button>
      )}
    </div>
  );
}

interface PathProps {
  readonly steps: readonly Step[];
  readonly problem: string | undefined;
  readonly hasDialog: boolean;
  readonly onChange: (steps: readonly Step[]) => void;
}

/** The picture of a layer, which is typed or chosen from the library. */
function PicturePath({ steps, problem, hasDialog, onChange }: PathProps) {
  return (
    <div className={styles.path}>
      <TextInput
        size="xs"
        label={words.layers.path}
        error={problem}
        value={pathIn(steps)}
        spellCheck={false}
        onChange={({ currentTarget }) => onChange(withPath(steps, currentTarget.value))}
      />
      {hasDialog && (
        <ChoosePicture
          size="xs"
          leftSection={<Image size={14} />}
          onChoose={({ filePath }) => onChange(withPath(steps, filePath))}
        >
          {words.layers.choose}
        </ChoosePicture>
      )}
    </div>
  );
}
