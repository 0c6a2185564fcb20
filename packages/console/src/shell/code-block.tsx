import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { Check, Copy } from "lucide-react";
import { texts } from "../texts/texts.ts";
import styles from "./code-block.module.css";

interface CodeBlockProps {
  readonly label: string;
  /** Undefined while there is none yet. */
  readonly text: string | undefined;
  /** Whether a long text takes little height, and scrolls. */
  readonly isShort?: boolean;
}

/** A text to be copied: code, or a token. */
export function CodeBlock({ label, text, isShort = false }: CodeBlockProps) {
  const clipboard = useClipboard({ timeout: 1500 });
  const words = texts.details;
  return (
    <div className={styles.block}>
      <pre
        className={styles.code}
        tabIndex={0}
        aria-label={label}
        role="region"
        {...(isShort && { "data-short": true })}
      >
        {text ?? " "}
      </pre>
      <Button
        size="compact-xs"
        variant="default"
        className={styles.copy}
        disabled={text === undefined}
        leftSection={clipboard.copied ? <Check size={14} /> : <Copy size={14} />}
        aria-label={`${words.copy}: ${label}`}
        onClick={() => clipboard.copy(text)}
      >
        {clipboard.copied ? words.copied : words.copy}
      </Button>
    </div>
  );
}
