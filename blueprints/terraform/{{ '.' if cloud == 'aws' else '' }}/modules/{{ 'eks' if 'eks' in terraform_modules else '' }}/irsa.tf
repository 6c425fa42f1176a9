# For what cannot use EKS Pod Identity: pods outside of EC2 nodes, and operators that exchange the
# token of another service account (External Secrets with a store per namespace).
resource "aws_iam_openid_connect_provider" "this" {
  url            = aws_eks_cluster.this.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]

  tags = var.tags
}
