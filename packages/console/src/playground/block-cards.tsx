import { Button, Menu } from "@mantine/core";
import { Plus } from "lucide-react";
import { useId } from "react";
import { texts } from "../texts/texts.ts";
import type { BlocksProps } from "./blocks-props.ts";
import type { CardPlace } from "./card-place.ts";
import { ConditionCard } from "./condition-card.tsx";
import { LayerCard } from "./layer-card.tsx";
import styles from "./playground-page.module.css";
import { type Condition, type Layer, moved, type Piece, replaced, stepsIn } from "./steps.ts";

const words = texts.playground;
/** Layers may be in one another up to this depth. */
const maxDepth = 3;

const newLayers = {
  image: "l-image,i-picture.png,w-200,l-end",
  text: `l-text,i-${encodeURIComponent(words.layers.sample)},fs-60,l-end`,
  canvas: "l-image,i-ik_canvas,bg-0B6B8A,w-200,h-100,l-end",
} as const;

/** The layers and conditions of a step as cards, in the order in which they are drawn. */
export function BlockCards({ step, depth, onChange }: BlocksProps) {
  const list = useId();
  const isBlock = (piece: Piece): piece is Layer | Condition => piece.kind !== "parameter";
  const blocks = step.filter(isBlock);
  const rest = step.filter((piece) => !isBlock(piece));
  const set = (next: readonly Piece[]) => onChange([...rest, ...next]);
  return (
    <>
      {blocks.map((block, index) => {
        const place: CardPlace = {
          index,
          list,
          isOnly: blocks.length === 1,
          isLast: index === blocks.length - 1,
          onMove: (to) => set(moved(blocks, index, to)),
          onRemove: () => set(blocks.filter((other) => other !== block)),
        };
        const change = (next: Piece) => set(replaced(blocks as readonly Piece[], index, next));
        return block.kind === "layer" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a layer has no name but its place
          <LayerCard key={index} Blocks={BlockCards} layer={block} depth={depth + 1} place={place} onChange={change} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: a condition has no name but its place
          <ConditionCard key={index} condition={block} place={place} onChange={change} />
        );
      })}
      {depth < maxDepth && !blocks.some(({ kind }) => kind === "condition") && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" leftSection={<Plus size={14} />} className={styles.add ?? ""}>
              {words.addLayer}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(newLayers) as (keyof typeof newLayers)[]).map((kind) => (
              <Menu.Item key={kind} onClick={() => onChange([...step, ...(stepsIn(newLayers[kind])[0] ?? [])])}>
                {words.layers[kind]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
