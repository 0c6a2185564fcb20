import { Button, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Eraser } from "lucide-react";
import { useRef, useState } from "react";
import { call } from "../api/call.ts";
import { queries } from "../api/queries.ts";
import { sizeText } from "../library/library-file.ts";
import { Card } from "../settings/card.tsx";
import { tellProblem } from "../shell/tell-problem.ts";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import styles from "./operations.module.css";

const words = texts.operations.room;

interface Freed {
  readonly contents: number;
  readonly bytes: number;
  /** The member is set where a backup keeps the rest from being freed. */
  readonly heldUntil: string | null;
  readonly isDone: boolean;
}

/** Frees the room of deleted files, which the server does by itself a day later. */
export function FreeRoom() {
  const [freed, setFreed] = useState<Freed>();
  const [isBusy, setBusy] = useState(false);
  const isRunning = useRef(false);

  async function free(): Promise<void> {
    // A second press may come before the button is shown as busy.
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    setFreed(undefined);
    let [contents, bytes] = [0, 0];
    try {
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const body = cursor === undefined ? {} : { cursor };
        const { body: answer } = await call("POST /_sluice/sweep", { body });
        contents += answer.contents;
        bytes += answer.bytes;
        cursor = answer.nextCursor;
        setFreed({ contents, bytes, heldUntil: answer.heldUntil, isDone: cursor === null });
      }
    } catch (thrown) {
      tellProblem(thrown);
    }
    isRunning.current = false;
    setBusy(false);
    await queries.invalidateQueries({ queryKey: ["health"] });
  }

  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button variant="light" leftSection={<Eraser size={16} aria-hidden />} loading={isBusy} onClick={free}>
          {words.free}
        </Button>
      }
    >
      <div role="status">
        {freed !== undefined && (
          <div className={styles.note} data-bad={freed.heldUntil !== null || undefined}>
            <strong>{resultText(freed)}</strong>
            {freed.heldUntil !== null && <span>{words.held(timeText(freed.heldUntil))}</span>}
          </div>
        )}
      </div>
      <Text size="sm" c="dimmed" mt="sm" className={styles.hint}>
        {words.trash} <Link to="/trash">{words.seeTrash}</Link>
      </Text>
    </Card>
  );
}

function resultText({ contents, bytes, isDone, heldUntil }: Freed): string {
  if (contents > 0) return (isDone ? words.freed : words.freedSoFar)(sizeText(bytes));
  if (heldUntil !== null) return words.nothingYet;
  return isDone ? words.nothing : words.looking;
}
