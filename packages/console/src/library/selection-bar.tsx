import { ActionIcon, Button, CloseButton, Menu, Text } from "@mantine/core";
import { Copy, Download, Ellipsis, Eye, EyeOff, FolderInput, Images, Link2, Tags, Trash2 } from "lucide-react";
import { isOpen } from "../previews/preview-links.ts";
import { notify } from "../shell/notice-store.ts";
import { texts } from "../texts/texts.ts";
import { downloadItems } from "./download-zip.ts";
import { filesAmong, foldersAmong, type Item } from "./items.ts";
import type { OpenDialog } from "./open-dialog.ts";
import { publishFiles } from "./organise.ts";
import styles from "./selection-bar.module.css";
import type { Selection } from "./use-selection.ts";

interface SelectionBarProps {
  readonly selection: Selection;
  readonly mayChange: boolean;
  readonly onDialog: (dialog: OpenDialog) => void;
  readonly onDelete: (items: readonly Item[]) => void;
  /** Shows the files that are like one file. */
  readonly onLike: (how: "similar" | "duplicates", fileId: string) => void;
}

const words = texts.selection;

/** The bar offers what can be done with the selected items. */
export function SelectionBar({ selection, mayChange, onDialog, onDelete, onLike }: SelectionBarProps) {
  const { items } = selection;
  const files = filesAmong(items);
  const [only, ...others] = files;
  const single = others.length === 0 ? only : undefined;
  const hasFolders = foldersAmong(items).length > 0;
  return (
    <div className={styles.bar} role="toolbar" aria-label={words.count(items.length)}>
      <CloseButton aria-label={words.clear} onClick={selection.clear} />
      <Text size="sm" fw={550} className={styles.count} aria-live="polite">
        {words.count(items.length)}
      </Text>
      <Text size="sm" fw={550} className={styles.number} aria-hidden>
        {items.length.toLocaleString("en")}
      </Text>
      {mayChange && (
        <>
          {files.length > 0 && !hasFolders && (
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<Tags size={16} />}
              title={words.tags}
              onClick={() => onDialog({ kind: "tags", items })}
            >
              {words.tags}
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<FolderInput size={16} />}
            title={words.move}
            onClick={() => onDialog({ kind: "move", items })}
          >
            {words.move}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<Copy size={16} />}
            title={words.copy}
            onClick={() => onDialog({ kind: "copy", items })}
          >
            {words.copy}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<Trash2 size={16} />}
            title={words.delete}
            onClick={() => onDelete(items)}
          >
            {words.delete}
          </Button>
        </>
      )}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<Download size={16} />}
        title={texts.zip.download}
        // The server gives a key that may only read no other files.
        disabled={!mayChange && !files.every(isOpen)}
        onClick={() => void downloadItems(items)}
      >
        {texts.zip.download}
      </Button>
      {files.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" aria-label={words.more}>
              <Ellipsis size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<Link2 size={16} />} onClick={() => void copyUrls(files.map(({ url }) => url))}>
              {words.urls}
            </Menu.Item>
            {single?.fileType === "image" && (
              <Menu.Item leftSection={<Images size={16} />} onClick={() => onLike("similar", single.fileId)}>
                {words.similar}
              </Menu.Item>
            )}
            {single && (
              <Menu.Item leftSection={<Copy size={16} />} onClick={() => onLike("duplicates", single.fileId)}>
                {words.duplicates}
              </Menu.Item>
            )}
            {mayChange && (
              <Menu.Item leftSection={<Eye size={16} />} onClick={() => void publishFiles(files, true)}>
                {words.publish}
              </Menu.Item>
            )}
            {mayChange && (
              <Menu.Item leftSection={<EyeOff size={16} />} onClick={() => void publishFiles(files, false)}>
                {words.unpublish}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

async function copyUrls(urls: readonly string[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(urls.join("\n"));
    notify({ kind: "done", message: words.urlsCopied(urls.length) });
  } catch {
    notify({ kind: "failed", message: words.notCopied });
  }
}
