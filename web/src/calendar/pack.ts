// Where events lie in the grid: side by side when they overlap, in rows when they last for days. Pure.

export interface Span {
    from: number;
    to: number;
}
export interface Placed<T> {
    item: T;
    /** Share of the column's width, 0 to 1. */
    left: number;
    width: number;
}

/** Events of one day: those that overlap share the column; a free neighbour's room is used. */
export function sideBySide<T extends Span>(items: T[]): Placed<T>[] {
    const sorted = [...items].sort((a, b) => a.from - b.from || b.to - a.to);
    const out: Placed<T>[] = [];
    let group: { item: T; column: number }[] = [];
    let ends: number[] = [];
    let groupEnd = -Infinity;
    const close = () => {
        for (const { item, column } of group) {
            let last = column + 1;
            while (last < ends.length && !group.some((other) => other.column === last && other.item.from < item.to && other.item.to > item.from)) last++;
            out.push({ item, left: column / ends.length, width: (last - column) / ends.length });
        }
        group = [];
        ends = [];
    };
    for (const item of sorted) {
        if (item.from >= groupEnd) close();
        let column = ends.findIndex((end) => end <= item.from);
        if (column < 0) column = ends.length;
        ends[column] = item.to;
        group.push({ item, column });
        groupEnd = Math.max(group.length === 1 ? -Infinity : groupEnd, item.to);
    }
    close();
    return out;
}

export interface Bar<T> {
    item: T;
    row: number;
    /** First and last column, both inside the shown days. */
    first: number;
    last: number;
    /** It goes on beyond the shown days. */
    before: boolean;
    after: boolean;
}

/** Events that last for days, as bars over `days` columns; `from` and `to` (exclusive) count columns. */
export function bars<T extends Span>(items: T[], days: number): Bar<T>[] {
    const rows: number[] = [];
    return items
        .filter((item) => item.to > 0 && item.from < days)
        .sort((a, b) => a.from - b.from || b.to - a.to)
        .map((item) => {
            const first = Math.max(0, item.from);
            const last = Math.min(days, item.to) - 1;
            let row = rows.findIndex((end) => end < first);
            if (row < 0) row = rows.length;
            rows[row] = last;
            return { item, row, first, last, before: item.from < 0, after: item.to > days };
        });
}
