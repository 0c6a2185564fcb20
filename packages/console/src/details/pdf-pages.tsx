import { Group, Text } from "@mantine/core";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Act } from "../shell/act.tsx";
import { texts } from "../texts/texts.ts";
import { PdfPage } from "./pdf-page.tsx";
import styles from "./preview.module.css";

const words = texts.details;

interface PdfPagesProps {
  readonly name: string;
  readonly versionId: string;
  /** The address of the picture of a page, which is counted from 1. */
  readonly addressOf: (page: number) => string;
  /** Stands in place of the pages where the server has no picture of the first one. */
  readonly children: ReactNode;
}

/**
 * Shows the pages of a PDF, one at a time. How many there are is found when the picture of the page behind the last one
 * is asked for.
 */
export function PdfPages({ name, versionId, addressOf, children }: PdfPagesProps) {
  const [page, setPage] = useState(1);
  const [last, setLast] = useState<number>();
  const [isUnreadable, setUnreadable] = useState(false);
  if (isUnreadable) return children;
  const turnBack = (isBehindLast: boolean): void => {
    if (page === 1) setUnreadable(true);
    else if (isBehindLast) {
      setLast(page - 1);
      setPage((shown) => Math.min(shown, page - 1));
    }
  };
  return (
    <figure className={styles.preview}>
      <PdfPage
        key={page}
        name={name}
        versionId={versionId}
        page={page}
        address={addressOf(page)}
        onFailure={turnBack}
      />
      <figcaption>
        <Group justify="center" gap="xs" mt={4}>
          <Act label={words.previousPage} icon={ChevronLeft} isOff={page === 1} run={() => setPage(page - 1)} />
          <Text size="sm" aria-live="polite">
            {words.page(page)}
          </Text>
          <Act label={words.nextPage} icon={ChevronRight} isOff={page === last} run={() => setPage(page + 1)} />
        </Group>
      </figcaption>
    </figure>
  );
}
