import { Button, Group, Text } from "@mantine/core";
import { texts } from "../texts/texts.ts";

interface SaveBarProps {
  /** The stored text, where somebody else has changed it since the edit began. */
  readonly overtakenBy: string | undefined;
  readonly isBusy: boolean;
  readonly onDrop: () => void;
  readonly onSave: () => void;
}

const words = texts.details;

/** The buttons below an edit. They say so when somebody else has changed the same meanwhile. */
export function SaveBar({ overtakenBy, isBusy, onDrop, onSave }: SaveBarProps) {
  const isOvertaken = overtakenBy !== undefined;
  return (
    <>
      {isOvertaken && (
        <Text role="alert" size="sm" c="var(--bad)" mt="xs">
          {words.changedElsewhere(overtakenBy || words.emptyNow)}
        </Text>
      )}
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button size="compact-sm" variant="default" onClick={onDrop}>
          {isOvertaken ? words.takeTheirs : texts.dialogs.cancel}
        </Button>
        <Button size="compact-sm" onClick={onSave} loading={isBusy}>
          {isOvertaken ? words.keepMine : words.save}
        </Button>
      </Group>
    </>
  );
}
