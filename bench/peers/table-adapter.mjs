import { odata, TableClient } from '@azure/data-tables';

/**
 * Keeps what oidc-provider keeps in one table, as its adapter contract asks: a row per artefact, found by id; by uid and user code through
 * rows that point at it; all of a grant through one partition each. A redemption is a merge on the ETag that was read, so that it can win
 * only once; that is what a careful deployment would do, and costs what it costs.
 */
export function tableAdapter(connectionString, tableName) {
  const table = TableClient.fromConnectionString(connectionString, tableName, { allowInsecureConnection: true });
  const ready = table.createTable();

  return class TableAdapter {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload, expiresIn) {
      await ready;
      const row = { partitionKey: key(this.model, id), rowKey: 'artefact', payload: JSON.stringify(payload), expiresAt: new Date(Date.now() + expiresIn * 1000) };
      await table.upsertEntity(row, 'Replace');
      const pointer = payload.userCode ?? (this.model === 'Session' ? payload.uid : undefined);
      if (pointer) {
        await table.upsertEntity({ partitionKey: key(`${this.model}-by`, pointer), rowKey: 'artefact', id }, 'Replace');
      }
      if (payload.grantId && this.model !== 'Grant') {
        await table.upsertEntity({ partitionKey: key('of-grant', payload.grantId), rowKey: key(this.model, id) }, 'Replace');
      }
    }

    async find(id) {
      const row = await this.#row(id);
      return row && row.expiresAt > new Date() ? JSON.parse(row.payload) : undefined;
    }

    async findByUid(uid) {
      return this.#findBy(uid);
    }

    async findByUserCode(userCode) {
      return this.#findBy(userCode);
    }

    async consume(id) {
      const row = await this.#row(id);
      const payload = { ...JSON.parse(row.payload), consumed: Math.floor(Date.now() / 1000) };
      await table.updateEntity({ ...row, payload: JSON.stringify(payload) }, 'Replace', { etag: row.etag });
    }

    async destroy(id) {
      await remove(key(this.model, id), 'artefact');
    }

    async revokeByGrantId(grantId) {
      const partitionKey = key('of-grant', grantId);
      for await (const row of table.listEntities({ queryOptions: { filter: odata`PartitionKey eq ${partitionKey}` } })) {
        await remove(row.rowKey, 'artefact');
        await remove(partitionKey, row.rowKey);
      }
    }

    async #findBy(pointer) {
      const row = await read(key(`${this.model}-by`, pointer));
      return row && this.find(row.id);
    }

    #row(id) {
      return read(key(this.model, id));
    }
  };

  async function read(partitionKey) {
    await ready;
    try {
      return await table.getEntity(partitionKey, 'artefact');
    } catch (error) {
      if (error.statusCode === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async function remove(partitionKey, rowKey) {
    await table.deleteEntity(partitionKey, rowKey).catch(error => {
      if (error.statusCode !== 404) {
        throw error;
      }
    });
  }
}

/** Ids are base64url; a table key takes no slash, backslash, number sign or question mark. */
function key(model, id) {
  return `${model} ${encodeURIComponent(id).replaceAll('%', '=')}`;
}
