import { ActionIcon, Menu, SegmentedControl, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ArrowDownUp, ChevronRight, FolderDown, FolderPlus, LayoutGrid, List } from "lucide-react";
import { Fragment } from "react";
import { LateWords } from "../shell/late-words.tsx";
import { texts } from "../texts/texts.ts";
import { UploadButton } from "../uploads/upload-button.tsx";
import { downloadFolder } from "./download-zip.ts";
import { dropFolder } from "./drag-items.ts";
import type { ChainState } from "./file-chain.ts";
import { type LibraryState, nameOf, type Sort, splatOf, standardSort } from "./library-state.ts";
import { isFolderView } from "./listing.ts";
import styles from "./toolbar.module.css";

interface ToolbarProps {
  readonly folder: string;
  readonly state: LibraryState;
  readonly list: ChainState;
  readonly mayChange: boolean;
  readonly onChange: (change: Partial<LibraryState>) => void;
  readonly onNewFolder: () => void;
}

const words = texts.library;

/** The bar above the list: its folder, its sort, its view, and the buttons that add to it. */
export function Toolbar({ folder, state, list, mayChange, onChange, onNewFolder }: ToolbarProps) {
  const { sort = standardSort, view = "grid" } = state;
  const zipLabel = texts.zip.folder(folder === "/" ? words.root : nameOf(folder));
  return (
    <div className={styles.bar}>
      <Crumbs folder={folder} />
      <Text className={styles.count} size="sm" c="dimmed">
        {countText(list)}
      </Text>
      {list.isLoading && <LateWords />}
      <div className={styles.tools}>
        <Menu position="bottom-end">
          <Menu.Target>
            <Tooltip label={`${words.sort}: ${words.sorts[sort]}`}>
              <ActionIcon variant="default" size="lg" aria-label={`${words.sort}: ${words.sorts[sort]}`}>
                <ArrowDownUp size={18} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            {(Object.keys(words.sorts) as Sort[]).map((each) => (
              <Menu.Item
                key={each}
                role="menuitemradio"
                aria-checked={each === sort}
                className={styles.choice}
                onClick={() => onChange({ sort: each })}
              >
                {words.sorts[each]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <SegmentedControl
          aria-label={words.view}
          value={view}
          onChange={(value) => onChange({ view: value === "list" ? "list" : "grid" })}
          data={[
            { value: "grid", label: <ViewIcon icon={LayoutGrid} label={words.grid} /> },
            { value: "list", label: <ViewIcon icon={List} label={words.list} /> },
          ]}
        />
        {isFolderView(state) && (
          <Tooltip label={zipLabel}>
            <ActionIcon variant="default" size="lg" aria-label={zipLabel} onClick={() => void downloadFolder(folder)}>
              <FolderDown size={18} />
            </ActionIcon>
          </Tooltip>
        )}
        {mayChange && isFolderView(state) && (
          <>
            <Tooltip label={texts.dialogs.newFolder}>
              <ActionIcon variant="default" size="lg" aria-label={texts.dialogs.newFolder} onClick={onNewFolder}>
                <FolderPlus size={18} />
              </ActionIcon>
            </Tooltip>
            <UploadButton folder={folder} />
          </>
        )}
      </div>
    </div>
  );
}

function countText({ total, isCounting, isEstimate }: ChainState): string | undefined {
  // A number that grows while somebody looks at it says less than none.
  if (isEstimate && isCounting) return words.counting;
  return total === undefined ? undefined : isEstimate ? words.estimate(total) : words.count(total);
}

function ViewIcon({ icon: Icon, label }: { readonly icon: typeof List; readonly label: string }) {
  return (
    <span className={styles.viewIcon}>
      <Icon size={16} aria-hidden />
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  );
}

/** The folders above the one that is shown. Items can be dropped on each. */
function Crumbs({ folder }: { readonly folder: string }) {
  const names = folder === "/" ? [] : folder.slice(1).split("/");
  const places = names.map((name, depth) => ({ name, path: `/${names.slice(0, depth + 1).join("/")}` }));
  return (
    <nav aria-label={words.path} className={styles.crumbs}>
      {[{ name: words.root, path: "/" }, ...places].map(({ name, path }, depth) => (
        <Fragment key={path}>
          {depth > 0 && <ChevronRight size={14} aria-hidden />}
          <Link
            to="/library/$"
            params={{ _splat: splatOf(path) }}
            className={styles.crumb}
            aria-current={path === folder ? "page" : undefined}
            {...dropFolder(path)}
          >
            {name}
          </Link>
        </Fragment>
      ))}
    </nav>
  );
}
