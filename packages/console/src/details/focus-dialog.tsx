import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import type { LibraryFile } from "../library/library-file.ts";
import { Busy } from "../shell/busy.tsx";
import { useFocusBack } from "../shell/use-focus-back.ts";
import { texts } from "../texts/texts.ts";
import { type Area, areaBetween, middleOf, moveArea, resizeArea, type Size, within } from "./area.ts";
import styles from "./focus-dialog.module.css";
import { usePicture } from "./use-picture.ts";

interface FocusDialogProps {
  readonly file: LibraryFile;
  readonly size: Size;
  readonly area: Area | undefined;
  readonly onSave: (area: Area | undefined) => Promise<void>;
  readonly onClose: () => void;
}

const words = texts.focus;
const sides = ["x", "y", "width", "height"] as const;

/** A stroke that is being drawn, from a point of the picture, or the area that is being moved. */
type Stroke = { readonly from: { readonly x: number; readonly y: number }; readonly moved: Area | undefined };

/** Draws the focus area on the picture: by pointer or finger, by arrow keys, or by its numbers. */
export function FocusDialog({ file, size, area: stored, onSave, onClose }: FocusDialogProps) {
  const [area, setArea] = useState(stored);
  const [isBusy, setBusy] = useState(false);
  const stroke = useRef<Stroke>(undefined);
  const address = usePicture(file, 1600);
  useFocusBack();

  /** The point of the picture that is under a pointer. */
  function pointOf({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>) {
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    return { x: ((clientX - left) / width) * size.width, y: ((clientY - top) / height) * size.height };
  }

  function begin(event: PointerEvent<HTMLElement>): void {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = pointOf(event);
    stroke.current = { from, moved: area && isInside(area, from) ? area : undefined };
  }

  function go(event: PointerEvent<HTMLElement>): void {
    if (stroke.current === undefined) return;
    const { from, moved } = stroke.current;
    const to = pointOf(event);
    setArea(moved ? moveArea(moved, { x: to.x - from.x, y: to.y - from.y }, size) : areaBetween(from, to, size));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = Math.max(1, Math.round(Math.max(size.width, size.height) / (event.ctrlKey ? 1000 : 50)));
    const by = {
      ArrowLeft: { x: -step, y: 0 },
      ArrowRight: { x: step, y: 0 },
      ArrowUp: { x: 0, y: -step },
      ArrowDown: { x: 0, y: step },
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const before = area ?? middleOf(size);
    setArea(area === undefined ? before : event.shiftKey ? resizeArea(before, by, size) : moveArea(before, by, size));
  }

  async function save(chosen: Area | undefined): Promise<void> {
    setBusy(true);
    await onSave(chosen);
    setBusy(false);
  }

  return (
    <Modal
      opened
      onClose={onClose}
      title={words.title}
      size="auto"
      closeButtonProps={{ "aria-label": texts.shell.close }}
    >
      <Text size="sm" c="dimmed" mb="sm" id="focus-help" maw="40rem">
        {words.help}
      </Text>
      {address === null ? (
        <Text c="dimmed">{texts.preview.failed}</Text>
      ) : address === undefined ? (
        <Busy />
      ) : (
        <div
          className={styles.stage}
          role="group"
          aria-label={words.stage}
          aria-describedby="focus-help"
          tabIndex={0}
          data-autofocus
          onKeyDown={onKeyDown}
          onPointerDown={begin}
          onPointerMove={go}
          onPointerUp={() => {
            stroke.current = undefined;
          }}
          onPointerCancel={() => {
            stroke.current = undefined;
          }}
        >
          <img
            className={styles.picture}
            src={address}
            alt=""
            width={size.width}
            height={size.height}
            draggable={false}
          />
          {area && (
            <span
              className={styles.area}
              style={{
                insetInlineStart: `${(100 * area.x) / size.width}%`,
                insetBlockStart: `${(100 * area.y) / size.height}%`,
                inlineSize: `${(100 * area.width) / size.width}%`,
                blockSize: `${(100 * area.height) / size.height}%`,
              }}
            />
          )}
        </div>
      )}
      <div className={styles.numbers}>
        {sides.map((side) => (
          <TextInput
            key={side}
            label={words.sides[side]}
            type="number"
            min={side === "x" || side === "y" ? 0 : 1}
            max={side === "x" || side === "width" ? size.width : size.height}
            value={area?.[side] ?? ""}
            onChange={({ currentTarget }) => {
              const number = currentTarget.valueAsNumber;
              if (Number.isInteger(number)) setArea(within({ ...(area ?? middleOf(size)), [side]: number }, size));
            }}
          />
        ))}
      </div>
      <Group justify="flex-end" gap="sm" mt="md">
        {stored && (
          <Button variant="subtle" color="red" disabled={isBusy} onClick={() => void save(undefined)}>
            {words.remove}
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          {texts.dialogs.cancel}
        </Button>
        <Button disabled={area === undefined} loading={isBusy} onClick={() => void save(area)}>
          {texts.details.save}
        </Button>
      </Group>
    </Modal>
  );
}

function isInside({ x, y, width, height }: Area, point: { readonly x: number; readonly y: number }): boolean {
  return point.x >= x && point.y >= y && point.x <= x + width && point.y <= y + height;
}
