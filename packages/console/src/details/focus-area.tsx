import { Button, Group, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { LibraryFile } from "../library/library-file.ts";
import { texts } from "../texts/texts.ts";
import { type Area, readArea, writeArea } from "./area.ts";
import { changeFile } from "./change-file.ts";
import { Section } from "./section.tsx";

const FocusDialog = lazy(async () => ({ default: (await import("./focus-dialog.tsx")).FocusDialog }));

const words = texts.focus;

interface FocusProps {
  readonly file: LibraryFile;
  readonly mayChange: boolean;
}

/** The part of a picture that crops keep: `customCoordinates`, which `fo-custom` uses. */
export function FocusArea({ file, mayChange }: FocusProps) {
  const [isOpen, setOpen] = useState(false);
  const { fileId, fileType, width, height, customCoordinates } = file;
  if (fileType !== "image" || !width || !height) return null;
  const area = readArea(customCoordinates, { width, height });
  if (!mayChange && area === undefined) return null;

  async function save(chosen: Area | undefined): Promise<void> {
    const isStored = await changeFile(fileId, { customCoordinates: chosen === undefined ? null : writeArea(chosen) });
    if (isStored) setOpen(false);
  }

  return (
    <Section title={words.title}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" c={area === undefined ? "dimmed" : "var(--text)"}>
          {area === undefined ? words.none : words.area(area.width, area.height, area.x, area.y)}
        </Text>
        {mayChange && (
          <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
            {area === undefined ? words.draw : words.change}
          </Button>
        )}
      </Group>
      <Suspense>
        {isOpen && (
          <FocusDialog file={file} size={{ width, height }} area={area} onSave={save} onClose={() => setOpen(false)} />
        )}
      </Suspense>
    </Section>
  );
}
