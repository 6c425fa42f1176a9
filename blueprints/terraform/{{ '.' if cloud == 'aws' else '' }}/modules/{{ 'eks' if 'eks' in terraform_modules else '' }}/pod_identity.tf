data "aws_iam_policy_document" "pod_identity_assume" {
  for_each = var.pod_identities

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "Service"
      identifiers = ["pods.eks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/eks-cluster-arn"
      values   = [aws_eks_cluster.this.arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-namespace"
      values   = [each.value.namespace]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:RequestTag/kubernetes-service-account"
      values   = [each.value.service_account]
    }
  }
}

resource "aws_iam_role" "pod_identity" {
  for_each = var.pod_identities

  name               = "${var.name}-${each.key}"
  description        = "Pods of ${each.value.namespace}/${each.value.service_account} in ${var.name}"
  assume_role_policy = data.aws_iam_policy_document.pod_identity_assume[each.key].json

  tags = var.tags
}

resource "aws_iam_role_policy" "pod_identity" {
  for_each = var.pod_identities

  name   = each.key
  role   = aws_iam_role.pod_identity[each.key].id
  policy = each.value.policy_json
}

resource "aws_eks_pod_identity_association" "this" {
  for_each = var.pod_identities

  cluster_name    = aws_eks_cluster.this.name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = aws_iam_role.pod_identity[each.key].arn

  tags = var.tags
}
