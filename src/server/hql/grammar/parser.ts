/** Reads the HQL that table clients send: selections with joins, conditions, groups and orders. */
import { ExpressionParser } from "./expression-parser.js";
import { type FromItem, HqlError, type HqlQuery, type JoinItem, type OrderItem, type SelectItem } from "./syntax.js";
import { tokenizeHql } from "./tokens.js";

/** @throws HqlError where the text is no query this grammar knows. */
export function parseHql(text: string): HqlQuery {
  const parser = new QueryParser(tokenizeHql(text));
  const query = parser.query();
  parser.expectEnd();
  return query;
}

class QueryParser extends ExpressionParser {
  override query(): HqlQuery {
    const distinctAndSelect = this.acceptWord("select") ? this.#select() : { distinct: false, select: undefined };
    this.expectWord("from");
    const from: FromItem[] = [this.#fromItem(0)];
    const joins: JoinItem[] = [];
    for (;;) {
      if (this.acceptSign(",")) from.push(this.#fromItem(from.length));
      else if (this.atJoin()) joins.push(this.#join());
      else break;
    }
    const where = this.acceptWord("where") ? this.expression() : undefined;
    const groupBy = this.acceptWords("group", "by") ? this.list(() => this.expression()) : [];
    const having = this.acceptWord("having") ? this.expression() : undefined;
    const orderBy = this.acceptWords("order", "by") ? this.list(() => this.#orderItem()) : [];
    return { ...distinctAndSelect, from, joins, where, groupBy, having, orderBy };
  }

  #select(): { distinct: boolean; select: SelectItem[] } {
    const distinct = this.acceptWord("distinct");
    return { distinct, select: this.list(() => this.selectItem()) };
  }

  #fromItem(index: number): FromItem {
    const position = this.position;
    const names = this.path();
    const alias = this.alias() ?? `this${index}`;
    return { className: names.at(-1)!, alias, position };
  }

  #join(): JoinItem {
    const position = this.position;
    const outer = this.acceptWord("left");
    if (outer) this.acceptWord("outer");
    else this.acceptWord("inner");
    this.expectWord("join");
    const fetch = this.acceptWord("fetch");
    const path = this.path();
    if (path.length < 2) throw new HqlError(`Join of ${path[0]} names no property`, position);
    return { outer, fetch, path, alias: this.alias(), position };
  }

  /** As PostgreSQL has it, nulls are greater than all else unless it is said where they go. */
  #nulls(descending: boolean): OrderItem["nulls"] {
    if (!this.acceptWord("nulls")) return descending ? "first" : "last";
    if (this.acceptWord("first")) return "first";
    this.expectWord("last");
    return "last";
  }

  #orderItem(): OrderItem {
    const expression = this.expression();
    const descending = this.acceptWord("desc");
    if (!descending) this.acceptWord("asc");
    return { expression, descending, nulls: this.#nulls(descending) };
  }
}
