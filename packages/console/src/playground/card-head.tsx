import { Group, Text } from "@mantine/core";
import { ArrowDown, ArrowUp, GripVertical, X } from "lucide-react";
import { Act } from "../shell/act.tsx";
import { texts } from "../texts/texts.ts";
import type { CardPlace } from "./card-place.ts";
import { dragCard } from "./drag-card.ts";
import styles from "./playground-page.module.css";

const words = texts.playground;

/** The title of a card, with what moves it among its neighbours, and a button that takes it away. */
export function CardHead({ title, place }: { readonly title: string; readonly place: CardPlace }) {
  const { index, isOnly, isLast, onMove, onRemove } = place;
  return (
    <Group justify="space-between" wrap="nowrap">
      <Group gap={4} wrap="nowrap">
        {!isOnly && (
          // The buttons do the same by keyboard, and for assistive technology.
          <span
            className={styles.grip}
            title={words.drag}
            aria-hidden
            onPointerDown={(event) => dragCard(event, place)}
          >
            <GripVertical size={16} />
          </span>
        )}
        <Text size="sm" fw={600}>
          {title}
        </Text>
      </Group>
      <Group gap={2} wrap="nowrap">
        {!isOnly && (
          <>
            <Act label={words.earlier(title)} icon={ArrowUp} isOff={index === 0} run={() => onMove(index - 1)} />
            <Act label={words.later(title)} icon={ArrowDown} isOff={isLast} run={() => onMove(index + 1)} />
          </>
        )}
        {onRemove && <Act label={words.remove(title)} icon={X} run={onRemove} />}
      </Group>
    </Group>
  );
}
