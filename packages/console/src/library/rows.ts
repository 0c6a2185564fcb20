/** The rows of a view: those of the folders come first. All rows of a kind have one height, in pixels. */
export interface RowSizes {
  readonly folderRows: number;
  readonly folderHeight: number;
  readonly fileRows: number;
  readonly fileHeight: number;
}

export function heightOf({ folderRows, folderHeight, fileRows, fileHeight }: RowSizes): number {
  return folderRows * folderHeight + fileRows * fileHeight;
}

/** The place at which a row begins. */
export function topOf(row: number, { folderRows, folderHeight, fileHeight }: RowSizes): number {
  return Math.min(row, folderRows) * folderHeight + Math.max(0, row - folderRows) * fileHeight;
}

/** The row at a place. */
export function rowAt(top: number, sizes: RowSizes): number {
  const { folderRows, folderHeight, fileRows, fileHeight } = sizes;
  const filesTop = folderRows * folderHeight;
  const row = top < filesTop ? top / folderHeight : folderRows + (top - filesTop) / fileHeight;
  return Math.max(0, Math.min(folderRows + fileRows - 1, Math.floor(row)));
}

/** The rows of a view, and how many items stand in each. */
export interface Layout extends RowSizes {
  readonly columns: number;
}

/** A place that says the same in another layout: the first item of the topmost row, and the pixels of it out of sight. */
export interface TopItem {
  readonly isFolder: boolean;
  /** Its index among the folders or among the files. */
  readonly index: number;
  readonly offset: number;
}

export function topItemAt(top: number, layout: Layout): TopItem {
  const row = rowAt(top, layout);
  const isFolder = row < layout.folderRows;
  const index = (isFolder ? row : row - layout.folderRows) * layout.columns;
  return { isFolder, index, offset: top - topOf(row, layout) };
}

export function topOfItem({ isFolder, index, offset }: TopItem, layout: Layout): number {
  const row = (isFolder ? 0 : layout.folderRows) + Math.floor(index / layout.columns);
  return topOf(row, layout) + Math.min(offset, isFolder ? layout.folderHeight : layout.fileHeight);
}
