using System.Collections.Concurrent;

namespace OrdersApi;

/// <summary>What a caller orders.</summary>
internal sealed record NewOrder(string Item, int Quantity);

/// <summary>An order as its owner sees it.</summary>
internal sealed record Order(int Id, string Item, int Quantity);

/// <summary>Everybody's orders, in memory: each caller has their own.</summary>
internal sealed class OrderBook
{
    private readonly ConcurrentQueue<((string Issuer, string Subject) Owner, Order Order)> orders = new();
    private int last;

    public IEnumerable<Order> Of((string Issuer, string Subject) owner) => orders.Where(o => o.Owner == owner).Select(o => o.Order);

    public Order Add((string Issuer, string Subject) owner, NewOrder order)
    {
        var added = new Order(Interlocked.Increment(ref last), order.Item, order.Quantity);
        orders.Enqueue((owner, added));
        return added;
    }
}
