/** Reads the HQL that table clients send: selections with joins, conditions, groups and orders. */
import { ExpressionParser } from "./expression-parser.js";
import {
  type FromItem,
  HqlError,
  type HqlExpression,
  type HqlQuery,
  type JoinItem,
  type OrderItem,
  type SelectItem,
} from "./syntax.js";
import { tokenizeHql } from "./tokens.js";

/** @throws HqlError where the text is no query this grammar knows. */
export function parseHql(text: string): HqlQuery {
  const parser = new QueryParser(tokenizeHql(text));
  parser.expectQuery();
  const query = parser.query();
  parser.expectEnd();
  return query;
}

class QueryParser extends ExpressionParser {
  expectQuery(): void {
    if (this.atQuery()) return;
    if (this.token.kind === "end") throw new HqlError("unexpected end of subtree", 0);
    if (["delete", "update", "insert"].some((word) => this.atWord(word)))
      throw new HqlError("Not supported for DML operations", 0, "change");
    throw new HqlError("node to traverse cannot be null!", 0, "bare");
  }

  override query(): HqlQuery {
    const distinctAndSelect = this.acceptWord("select") ? this.#select() : { distinct: false, select: undefined };
    this.expectWord("from");
    const from: FromItem[] = [this.#fromItem(0)];
    const joins: JoinItem[] = [];
    for (;;) {
      if (this.acceptSign(",")) {
        if (this.acceptWord("in")) joins.push(this.#collection());
        else from.push(this.#fromItem(from.length));
      } else if (this.atJoin()) joins.push(this.#join());
      else break;
    }
    const where = this.acceptWord("where") ? this.expression() : undefined;
    const groupBy = this.acceptWords("group", "by") ? this.list(() => this.expression()) : [];
    const having = groupBy.length > 0 && this.acceptWord("having") ? this.expression() : undefined;
    const orderBy = this.acceptWords("order", "by") ? this.list(() => this.#orderItem(distinctAndSelect.select)) : [];
    return { ...distinctAndSelect, from, joins, where, groupBy, having, orderBy };
  }

  #select(): { distinct: boolean; select: SelectItem[] } {
    const distinct = this.acceptWord("distinct");
    return { distinct, select: this.#new() ?? this.list(() => this.selectItem()) };
  }

  /** `new map(..)` or `new list(..)`, which stands alone. */
  #new(): SelectItem[] | undefined {
    const kind = this.following?.text.toLowerCase();
    if (!this.atWord("new") || (kind !== "map" && kind !== "list")) return undefined;
    this.skip(2);
    const items = this.inBrackets(() => this.list(() => this.selectItem()));
    const expression: HqlExpression =
      kind === "map" ? { kind, items } : { kind, items: items.map((item) => item.expression) };
    return [{ expression, alias: undefined }];
  }

  #fromItem(index: number): FromItem {
    const position = this.position;
    const className = this.path().join(".");
    const alias = this.alias() ?? `this${index}`;
    return { className, alias, position };
  }

  /** `in (a.b) c` */
  #collection(): JoinItem {
    const position = this.position;
    const path = this.inBrackets(() => this.path());
    return { outer: false, fetch: false, path, alias: this.alias(), position };
  }

  #join(): JoinItem {
    const position = this.position;
    if (this.acceptWord("full")) throw new HqlError("undefined join type 24", position, "bare");
    const outer = this.acceptWord("left");
    if (!outer && !this.acceptWord("right")) this.acceptWord("inner");
    this.acceptWord("outer");
    this.expectWord("join");
    const fetch = this.acceptWord("fetch");
    const path = this.path();
    const alias = this.alias();
    const condition = this.acceptWord("with") ? this.expression() : undefined;
    return { outer, fetch, path, alias, position, condition };
  }

  /** An expression; a selected one by its alias, or by its number. */
  #orderItem(select: readonly SelectItem[] | undefined): OrderItem {
    const expression = this.expression();
    const descending = this.acceptWord("desc");
    if (!descending) this.acceptWord("asc");
    return { expression: selectedBy(expression, select ?? []) ?? expression, descending };
  }
}

function selectedBy(expression: HqlExpression, select: readonly SelectItem[]): HqlExpression | undefined {
  if (expression.kind === "literal" && expression.type === "int") {
    return select[Number(expression.value) - 1]?.expression;
  }
  if (expression.kind !== "path" || expression.names.length > 1) return undefined;
  return select.find(({ alias }) => alias === expression.names[0])?.expression;
}
