namespace AuthFunctions.Tests.Approved;

public class ApprovalTests
{
    private static readonly string[] Approved = ["Users user", "  Email string", "Users session_{id}", "  Site string"];

    [Fact]
    public void The_same_lines_do_not_differ() => Assert.Empty(Approval.Difference(Approved, [.. Approved]));

    [Fact]
    public void A_line_that_is_gone_or_new_or_elsewhere_is_shown()
    {
        Assert.Equal(["- Users user /  Email string"], Approval.Difference(Approved, [Approved[0], .. Approved[2..]]));
        Assert.Equal(["+ Users session_{id} /  Email string"], Approval.Difference(Approved, [.. Approved, "  Email string"]));
        Assert.NotEmpty(Approval.Difference(Approved, [Approved[2], Approved[3], Approved[0], Approved[1]]));
        Assert.NotEmpty(Approval.Difference([], Approved));
    }
}
