import { Group, Text } from "@mantine/core";
import { ArrowDown, ArrowUp, X } from "lucide-react";
import { Act } from "../shell/act.tsx";
import { texts } from "../texts/texts.ts";

const words = texts.playground;

export interface CardPlace {
  readonly index: number;
  /** The number of cards in its list. */
  readonly count: number;
  readonly onMove: (to: number) => void;
  /** Called to take the card away; undefined where it has to stay. */
  readonly onRemove: (() => void) | undefined;
}

/** The title of a card, with the buttons that move it among its neighbours and take it away. */
export function CardHead({ title, place }: { readonly title: string; readonly place: CardPlace }) {
  const { index, count, onMove, onRemove } = place;
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Group gap={2} wrap="nowrap">
        {count > 1 && (
          <>
            <Act label={words.earlier(title)} icon={ArrowUp} isOff={index === 0} run={() => onMove(index - 1)} />
            <Act
              label={words.later(title)}
              icon={ArrowDown}
              isOff={index === count - 1}
              run={() => onMove(index + 1)}
            />
          </>
        )}
        {onRemove && <Act label={words.remove(title)} icon={X} run={onRemove} />}
      </Group>
    </Group>
  );
}
